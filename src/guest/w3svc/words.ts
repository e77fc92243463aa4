import { own } from '../../kernel/own.ts'
import type { WrittenCounts } from '../contract/web-counts.ts'

/** The messages of IISConfigurator, appcmd and DiagnosticsAgent to the listener over its socket, `webServer` of `runNames`: JSON lines. */
export type ToW3svc =
  /** Reads applicationHost.config anew, from this real path on, and applies it. Later changes of the file are followed. */
  | { readonly kind: 'load'; readonly file: string }
  /** Removes all sites and pools (S-10). */
  | { readonly kind: 'stopPools' }
  /** Requests its counts (P-19). */
  | { readonly kind: 'counts' }
  | PoolCommand

export interface PoolCommand {
  readonly kind: 'startPool' | 'stopPool' | 'recyclePool'
  /** Its name, case ignored. */
  readonly pool: string
}

/** The answers, one to each line, in their order. */
export type FromW3svc =
  /** It listens on every binding, except those that the problems name: sentences. */
  | { readonly kind: 'loaded'; readonly problems: readonly string[] }
  | { readonly kind: 'removed' }
  | { readonly kind: 'done' }
  | ({ readonly kind: 'counted' } & WrittenCounts)
  /** There is no such pool, or no such message. */
  | { readonly kind: 'refused'; readonly message: string }

/** Longest path, and longest name of a pool, that is taken. Origin: PATH_MAX of Linux; IIS allows 64 for a name. */
const longestText = 4_096

/** The message that a line holds; undefined when it is none. */
export function readToW3svc(value: unknown): ToW3svc | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const kind = textOf(value, 'kind')
  const [file, pool] = [textOf(value, 'file'), textOf(value, 'pool')]
  if (kind === 'load') return file?.startsWith('/') ? { kind, file } : undefined
  if (kind === 'stopPools' || kind === 'counts') return { kind }
  if (kind === 'startPool' || kind === 'stopPool' || kind === 'recyclePool')
    return pool === undefined ? undefined : { kind, pool }
  return undefined
}

function textOf(value: object, name: string): string | undefined {
  const found: unknown = own(value as Readonly<Record<string, unknown>>, name)
  return typeof found === 'string' && found.length > 0 && found.length <= longestText ? found : undefined
}
