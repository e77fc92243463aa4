import type { Driver } from '../../../kernel/drive.ts'
import type { PackageStore } from '../../package-store/package-store.ts'
import type { Message } from '../message.ts'
import { firstVersion } from '../state/facts.ts'
import type { FabricState } from '../state/state.ts'
import type { Subject } from '../subject.ts'
import type { Given } from './given.ts'
import type { Timing, Watch } from './watch.ts'

/** What the routes need of the controller and the world. */
export interface Serving {
  readonly driver: Driver<FabricState, Message, Subject>
  readonly watch: Watch
  readonly given: Given
  readonly clock: Timing
  readonly packages: PackageStore
  /** 32 hexadecimal digits that nobody can guess. */
  readonly freshId: () => string
}

/** Takes in what a party has seen. Resolves when the epoch is above it, should another master have said it. */
export async function hear({ driver, given }: Serving, party: string, version: number): Promise<void> {
  if (given.isNews(party, version, firstVersion(driver.state().facts.epoch)))
    await driver.deliver({ kind: 'seen', party, version })
}

/** A long poll is held no longer, whatever the caller asks. */
const longestPollMs = 60_000

/** `?after=<version>&wait=<ms>` of a long poll. */
export function pollOf(query: URLSearchParams): { readonly after: number; readonly waitMs: number } {
  return {
    after: Number(query.get('after')) || 0,
    waitMs: Math.min(longestPollMs, Math.max(0, Number(query.get('wait')) || 0)),
  }
}
