import { setTimeout as pause } from 'node:timers/promises'
import { fabricPaths } from '../../fabric/contract/paths.ts'
import { readRotation } from '../../fabric/contract/read-rotation.ts'
import type { RotationReport, RotationTable } from '../../fabric/contract/rotation.ts'
import type { Log } from '../../kernel/log.ts'
import type { ControllerClient } from '../http/controller-client.ts'

export interface ControllerLink {
  /** Polls for tables until the link is closed. */
  follow(): Promise<void>
  /** False when no controller took it. */
  report(report: RotationReport): Promise<boolean>
  close(): void
}

export interface ControllerLinkOptions {
  readonly controller: ControllerClient
  /** How long the controller may hold a poll. A report follows each answer, so this is the balancer's heartbeat too. */
  readonly waitMs: number
  /** Version of the newest table that is known; 0 for none. */
  known(): number
  /** Resolves when the table counts as known. */
  table(table: RotationTable): Promise<unknown>
  /** The controller answered, with a table or without. */
  polled(): void
  readonly log: Log
}

/** Room for the way there and back, and for a controller that is busy, in milliseconds. Origin: choice. */
const graceMs = 5_000

/** After a poll that failed, or came back before its time without news, in milliseconds. Origin: choice, a quarter of rotationOutLimit. */
const retryMs = 250

/** The balancer's side of its link to the controller. */
export function openControllerLink(options: ControllerLinkOptions): ControllerLink {
  const { controller, waitMs, log } = options
  const closing = new AbortController()
  let answering = true
  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      const began = performance.now()
      const news = await poll()
      if (news === undefined && performance.now() - began < waitMs / 2)
        await pause(retryMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  async function poll(): Promise<RotationTable | undefined> {
    const reply = await controller.request<unknown>({
      path: `${fabricPaths.rotation}?after=${options.known()}&wait=${waitMs}`,
      waitMs,
      timeoutMs: waitMs + graceMs,
      signal: closing.signal,
    })
    if (closing.signal.aborted) return undefined
    if (reply.ok !== answering)
      log.info(reply.ok ? 'the controller answers again' : `the controller does not answer: ${reply.fault.message}`)
    answering = reply.ok
    if (!reply.ok) return undefined
    const table = readRotation(reply.value)
    // Asked before it is known, the controller would give the same one again.
    if (table) await options.table(table)
    else if (reply.value !== undefined) log.error(`what the controller sent is no rotation table; what is served stays`)
    options.polled()
    return table
  }

  return {
    follow,
    async report(report) {
      const path = fabricPaths.rotationReport
      const reply = await controller.request({ path, body: report, timeoutMs: graceMs, signal: closing.signal })
      return reply.ok
    },
    close: () => closing.abort(),
  }
}
