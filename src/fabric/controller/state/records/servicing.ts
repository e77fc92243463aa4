import type { Instant } from '../../../../kernel/instant.ts'

/** One step of the platform's servicing of a deployment. An update begins no domain meanwhile, and while one is active no such step begins (U-55). */
export interface ServicingRecord {
  readonly domain: number
  /** Keys. */
  readonly instances: readonly string[]
  /** A host that is drained, or a release of the guest OS. */
  readonly cause: { readonly host: string } | { readonly release: string }
  /** Leaving: they stop, to start on other hosts. Down: they stop, until their host is given back. Back: they start, and are to get Ready. */
  readonly stage: 'Leaving' | 'Down' | 'Back'
  /** When the step began. */
  readonly begunAt: Instant
  /** When the stage began. */
  readonly since: Instant
}
