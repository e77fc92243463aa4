import type { GuestDocuments } from '../../guest/contract/guest-documents.ts'
import { ownAgentName } from '../../guest/contract/headers.ts'
import type { Health } from '../../guest/contract/health.ts'
import type { RoleProperties } from '../../guest/contract/role-properties.ts'
import type { Log } from '../../kernel/log.ts'
import { documentsOf } from './documents.ts'
import type { HostMessage } from './messages.ts'
import type { HostState } from './state.ts'

/** What the desks of all guests share. */
export interface DeskParts {
  readonly state: () => HostState
  readonly deliver: (message: HostMessage) => Promise<void>
  readonly until: (condition: () => boolean, limitMs: number) => Promise<boolean>
  readonly log: Log
}

/** Speaks for the host agent to one guest: whatever its wire server is asked is answered from the committed state. */
export function deskOf(containerId: string, { state, deliver, until, log }: DeskParts) {
  const container = () => state().containers.get(containerId)
  const incarnation = () => container()?.record.incarnation ?? 0
  let known: string | undefined
  return {
    documents(): GuestDocuments | undefined {
      const found = container()
      return found && documentsOf(state().configuration, found.record)
    },

    /** Current agents of another make report no health once they are set up: their polls count (wire-server.md 10.1). */
    polled(agent: string | undefined): void {
      if (agent !== known) log.info(`the agent of ${containerId} calls itself ${agent ?? 'nothing'}`)
      known = agent
      if (agent !== undefined && agent !== ownAgentName) void deliver({ kind: 'heartbeat', containerId })
    },

    async reported(health: Health, waitMs: number, inHand = health.goalStateIncarnation): Promise<number> {
      const leaves = health.state !== 'Ready' && heldReady(state(), health.instanceId)
      await deliver({ kind: 'health', health: { ...health, containerId } })
      if (leaves)
        await until(() => !heldReady(state(), health.instanceId), state().configuration.timers.rotationOutLimit)
      else await until(() => incarnation() !== inHand, waitMs)
      return incarnation()
    },

    properties({ instanceId, properties }: RoleProperties): void {
      log.info(`${instanceId} says of itself: ${JSON.stringify(properties)}`)
    },
  }
}

/** True: the controller has the instance as Ready, so that it may be in rotation. */
function heldReady({ reporting }: HostState, key: string): boolean {
  return reporting.acknowledged.get(key)?.status === 'ReadyRole'
}
