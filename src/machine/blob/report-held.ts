import { setTimeout as delay } from 'node:timers/promises'
import { type HeldReport, readHeldAnswer } from '../../fabric/contract/held-packages.ts'
import { fabricPaths, party } from '../../fabric/contract/paths.ts'
import type { Log } from '../../kernel/log.ts'
import { openJsonClient } from '../http/json-client.ts'
import type { TlsMaterial } from '../http/tls.ts'
import type { PackageFolder } from './package-store.ts'

/** How often a candidate that stands by says what it holds, in milliseconds. Origin: choice; a drop that it did not hear is done so late. */
const everyMs = 10_000

/** After how long it tries again where no master took it, in milliseconds. Origin: choice, a part of the time in which one is elected. */
const againMs = 1_000

/** For one report, in milliseconds. */
const answerLimitMs = 5_000

/**
 * A candidate that stands by tells the master what it holds, and drops what nobody needs, until `signal`. `ask` sends the report to the master and
 * answers what that said; undefined when there is none, or it gave no answer. `admits` refuses what a former master says.
 */
export async function reportHeld(parts: {
  readonly machine: string
  readonly folder: Pick<PackageFolder, 'held' | 'drop'>
  readonly ask: (report: HeldReport) => Promise<unknown>
  readonly admits: (epoch: number) => boolean
  readonly signal: AbortSignal
  readonly log: Pick<Log, 'info'>
}): Promise<void> {
  const { machine, folder, ask, admits, signal, log } = parts
  while (!signal.aborted) {
    const held = folder.held()
    const answer = readHeldAnswer(await ask({ machine, held }))
    if (answer && !signal.aborted && admits(answer.epoch))
      // What came since was not in the report.
      for (const sha256 of answer.drop.filter((one) => held.includes(one))) {
        folder.drop(sha256)
        log.info(`the package ${sha256} is dropped: no deployment uses it any more`)
      }
    await delay(answer ? everyMs : againMs, undefined, { signal }).catch(() => {})
  }
}

/** Sends reports to the master of the moment, under the certificate of a controller; `master`: URL of its controller, undefined while there is none. */
export function askingMaster(tls: TlsMaterial, master: () => string | undefined) {
  const client = openJsonClient(tls, party.controller)
  return {
    renew: client.renew,
    async ask(body: HeldReport): Promise<unknown> {
      const url = master()
      if (url === undefined) return undefined
      const reply = await client.request({ url: url + fabricPaths.packagesHeld, body, timeoutMs: answerLimitMs })
      return reply.ok ? reply.value : undefined
    },
  }
}
