/** Whether the machine has a program: a file by its absolute path, or a name on PATH. */
export type HasProgram = (program: string) => boolean

export function noSuchProgram(name: string): string {
  return `there is no program "${name}" in the package or on the PATH of this machine`
}

/** Why the system does not run a script that begins with `#!`, as a clause; undefined when nothing stands against it. */
export function whyNotInterpreted(program: string, head: string, has: HasProgram): string | undefined {
  const line = head.slice(2).split('\n')[0] ?? ''
  const [interpreter = '', next = ''] = line.trim().split(/\s+/)
  if (line.endsWith('\r'))
    return `the first line of "${program}" ends with CR LF, so that the system looks for "${interpreter}" with a CR in its name. Save it with LF alone`
  if (!interpreter.startsWith('/') || !has(interpreter))
    return `the first line of "${program}" names the interpreter "${interpreter}", which this machine has not`
  return interpreter.endsWith('/env') && /^\w/.test(next) && !has(next)
    ? `the first line of "${program}" names the interpreter "${next}", which is not on the PATH of this machine`
    : undefined
}
