import { registerHooks } from 'node:module'

/** Lets every module of the process import or require `reddog/runtime` without having it in its own packages. */
export function resolveRuntime(url: string): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'reddog/runtime' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  })
}
