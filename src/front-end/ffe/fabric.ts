import type { CommandEnvelope, CommandReply, OperationRecord } from '../../fabric/contract/commands.ts'
import { fabricPaths } from '../../fabric/contract/paths.ts'
import type { ViewName, Views } from '../../fabric/contract/views.ts'
import { type Fault, fine, type Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Log } from '../../kernel/log.ts'
import { refusals } from '../contract/errors.ts'

/** The Fabric Controller, as the front end sees it. */
export interface Fabric {
  /** Resolves when the command and its operation record are stored; a refusal of the fabric is a fault. */
  command(envelope: CommandEnvelope): Promise<Result<OperationRecord>>
  view<Name extends ViewName>(name: Name, ask: Views[Name]['ask']): Promise<Result<Views[Name]['answer']>>
}

/** Sends JSON to the master under the front end's certificate; status 0 means that no answer came, 421 that there is no master now. */
interface Link {
  request(asked: {
    readonly path: string
    readonly body: unknown
    readonly timeoutMs: number
    /** For how long the controller may hold its answer. */
    readonly waitMs?: number | undefined
  }): Promise<
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly status: number; readonly fault: Fault }
  >
}

export interface FabricParts {
  readonly link: Link
  now(): Instant
  wait(durationMs: number): Promise<void>
  readonly log: Log
}

/** Longest wait for one answer, beside the time for which it may be held: a command answers when it is stored. */
const answerLimitMs = 15_000

/** Views that wait for others: for a package to be read as long as that takes, for a host's log. */
const heldViews: Partial<Readonly<Record<ViewName, number>>> = { plan: 600_000, log: 5_000 }

/** For how long the front end stands in for a controller that is starting again; a poll must not be delayed (O-7). */
const patienceMs = { command: 20_000, view: 10_000 } as const

/** Waits between two tries: short first, for a controller is back within a second. */
const retryDelays: readonly number[] = [25, 50, 100, 200, 250]

/** Statuses after which it is asked again: no answer, another clock, no master, no quorum. */
const passing: readonly number[] = [0, 401, 421, 503]

/**
 * A client of the master controller. Requests without an answer are sent again: views change nothing, and a command's ID makes it the same
 * command.
 */
export function connectFabric(parts: FabricParts): Fabric {
  async function ask<Value>(path: string, body: unknown, limitMs: number, waitMs = 0): Promise<Result<Value>> {
    const deadline = parts.now() + limitMs
    for (let tries = 0; ; tries++) {
      const reply = await parts.link.request({ path, body, waitMs, timeoutMs: answerLimitMs + waitMs })
      if (reply.ok) return fine(reply.value as Value)
      // Who may wait for longer knows it better than we do: without a quorum nobody can say when there will be one.
      if (reply.status === 503 && path === fabricPaths.command) return { ok: false, fault: reply.fault }
      if (!passing.includes(reply.status)) {
        parts.log.error(`the controller answered ${reply.status} to ${path}: ${reply.fault.message}`)
        return refusals.internal()
      }
      if (parts.now() >= deadline) {
        parts.log.warn(`the controller did not answer ${path} within ${limitMs} ms: ${reply.fault.message}`)
        return refusals.busy('The Fabric Controller does not answer.')
      }
      await parts.wait(retryDelays[tries] ?? (retryDelays.at(-1) as number))
    }
  }

  return {
    async command(envelope) {
      const reply = await ask<CommandReply>(fabricPaths.command, envelope, patienceMs.command)
      if (!reply.ok) return reply
      return 'refused' in reply.value ? { ok: false, fault: reply.value.refused } : fine(reply.value.accepted)
    },
    view: (view, question) => ask(fabricPaths.view, { view, ask: question }, patienceMs.view, heldViews[view]),
  }
}
