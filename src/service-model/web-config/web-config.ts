import type { Layer } from './layer.ts'
import type { RewriteLayer } from './rewrite/rewrite.ts'
import type { SectionName } from './sections.ts'

/** One `web.config` (I-28): its settings for its own directory, and for paths below it. */
export interface WebConfig {
  readonly file: string
  readonly places: readonly Place[]
}

/** A file's settings for one path. */
export interface Place {
  /** Below the file's own directory, in lower case with `/`, '' for the directory itself: `location/@path`. */
  readonly path: string
  /** Whether an application below inherits it. */
  readonly isInherited: boolean
  /** Whether files below may change these sections, where it says so (I-59). */
  readonly overrideMode: 'Allow' | 'Deny' | 'Inherit'
  /** Sections, by their path below system.webServer, that files below may not change unless a `location` allows it: `overrideModeDefault` (I-59). */
  readonly denied: readonly string[]
  readonly sections: Readonly<Partial<Record<SectionName, Layer>>>
  /** Its directory is as if the file stood at the root of the site. */
  readonly rewrite?: RewriteLayer | undefined
  /** `appSettings`, as the file has them (I-40); a later one of the same key counts. */
  readonly appSettings: ReadonlyMap<string, string>
}
