import type { GuestDocuments } from '../../guest/contract/guest-documents.ts'
import { ownAgentName } from '../../guest/contract/headers.ts'
import type { Health } from '../../guest/contract/health.ts'
import type { RoleProperties } from '../../guest/contract/role-properties.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { Log } from '../../kernel/log.ts'
import type { Certificate, SealedKey } from '../contract/goal.ts'
import { documentsOf } from './documents.ts'
import { holdOf, incarnationOf } from './hold.ts'
import type { HostMessage } from './message.ts'
import type { HostState } from './state.ts'

/** Shared by the desks of all guests. */
export interface DeskParts {
  readonly state: () => HostState
  /** With the fault when it has changed nothing. */
  readonly deliver: (message: HostMessage) => Promise<Fault | undefined>
  readonly until: (condition: () => boolean, limitMs: number) => Promise<boolean>
  /** Opens the keys of certificates and makes a PFX without password of them all. */
  readonly pfxOf: (certificates: readonly Certificate[]) => Promise<Uint8Array>
  /** Opens what is sealed to this host. */
  readonly open: (key: SealedKey) => Uint8Array
  readonly log: Log
}

/** Speaks for the host agent to one guest: its wire server answers all questions from the committed state. */
export function deskOf(containerId: string, { state, deliver, until, pfxOf, open, log }: DeskParts) {
  const container = () => state().containers.get(containerId)
  let known: string | undefined
  /** Incarnation last sent to an agent of another make, which has not reported on it. */
  let given: number | undefined
  return {
    documents(): GuestDocuments | undefined {
      const record = container()?.record
      const documents = record && documentsOf(state().configuration, record)
      const certificates = record?.served?.certificates ?? []
      const machineKey = record?.served?.machineKey
      return (
        documents && {
          ...documents,
          pfx: certificates.length === 0 ? undefined : () => pfxOf(certificates),
          machineKey: machineKey && (() => open(machineKey)),
        }
      )
    },

    /** Current agents of another make report no health once they are set up: their polls count (wire-server.md 10.1). */
    polled(agent: string | undefined): void {
      if (agent !== known) log.info(`the agent of ${containerId} calls itself ${agent ?? 'nothing'}`)
      known = agent
      if (!isForeign(agent)) return
      const incarnation = incarnationOf(state(), containerId)
      void deliver({ kind: 'heartbeat', containerId, taken: given === incarnation ? incarnation : undefined })
      given = incarnation
    },

    async reported(said: Health, waitMs: number, inHand?: number): Promise<number> {
      given = undefined
      const health = { ...said, containerId }
      const { isOver, limitMs } = holdOf(state(), health, waitMs, inHand)
      await deliver({ kind: 'health', health, foreign: isForeign(known) })
      await until(() => isOver(state()), limitMs)
      return incarnationOf(state(), containerId)
    },

    properties({ instanceId, properties }: RoleProperties): void {
      log.info(`${instanceId} says of itself: ${JSON.stringify(properties)}`)
    },
  }
}

/** An agent that gives no name, like those of 2012, reports its health as ours does. */
function isForeign(agent: string | undefined): boolean {
  return agent !== undefined && agent !== ownAgentName
}
