/** The same environment, in which an unset name finds the one that differs only in case, as on Windows (role-runtime.md 9). */
export function environmentIgnoringCase(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return new Proxy(environment, {
    get(target, name) {
      if (typeof name !== 'string' || name in target) return target[name as string]
      const wanted = name.toLowerCase()
      const found = Object.keys(target).find((known) => known.toLowerCase() === wanted)
      return found === undefined ? undefined : target[found]
    },
    // The environment of a process refuses accessors, and so a proxy that simply forwards definitions.
    set(target, name, value) {
      target[name as string] = value
      return true
    },
    defineProperty(target, name, descriptor) {
      target[name as string] = descriptor.value
      return true
    },
  })
}
