import { pathToFileURL } from 'node:url'
import type { RoleEntryPoint } from '../runtime/role-entry-point.ts'

/** The entry point that a module exports by default: an object, or a class that is made an object here (role-runtime.md 8, 2a). */
export async function loadEntryPoint(path: string): Promise<RoleEntryPoint> {
  const loaded = (await import(pathToFileURL(path).href)) as { default?: unknown }
  const exported = loaded.default
  const entryPoint = typeof exported === 'function' ? construct(exported) : exported
  if (typeof entryPoint !== 'object' || entryPoint === null)
    throw new TypeError(
      `${path} has no entry point: its default export is ${exported === undefined ? 'missing' : `a ${typeof exported}`}. Export a RoleEntryPoint: an object with onStart, run, onStop.`,
    )
  return entryPoint
}

function construct(exported: unknown): unknown {
  return Reflect.construct(exported as new () => unknown, [])
}
