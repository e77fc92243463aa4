/** What really happened in the building, whatever the agents believe; the checkers compare the agents' words with it. */
export type Fact =
  /** The fabric controller hears from now on: it has started, or goes on after it was stopped. */
  | { readonly kind: 'controllerHears' }
  /** A candidate has answered a call as master. */
  | { readonly kind: 'answered'; readonly by: string; readonly epoch: number }
  /** A transaction of a master is stored: it has opened the store, or a batch. */
  | { readonly kind: 'wrote'; readonly by: string; readonly epoch: number; readonly what: 'opening' | 'batch' }
  /** A deciding part has thrown, and set the subject aside, if there was one (F-27). */
  | {
      readonly kind: 'defect'
      readonly party: string
      readonly subject: string | undefined
      readonly during: string
      readonly threw: string
    }
  /** The controller has taken in a report of the host. */
  | { readonly kind: 'hostHeard'; readonly host: string }
  /** The controller begins something that has an effect, because of that record. */
  | { readonly kind: 'controllerActs'; readonly action: string; readonly record: string }
  | { readonly kind: 'agentStarted'; readonly host: string }
  /** The host's agent goes on, after it was stopped for so long. */
  | { readonly kind: 'agentGoesOn'; readonly host: string; readonly stoppedMs: number }
  /** The host's agent has written something to its disk. */
  | { readonly kind: 'agentCommitted'; readonly host: string }
  | ({ readonly kind: 'guestStarted' } & OfGuest)
  /** The host took in a heartbeat of the guest. */
  | ({
      readonly kind: 'guestHeard'
      /** What it reported of itself. */
      readonly ready: boolean
      /** Its role is at its startup tasks or beyond. */
      readonly atTasks: boolean
    } & OfGuest)
  /** The host has decided to end the guest's processes. */
  | ({ readonly kind: 'stopDecided' } & OfGuest)
  /** The guest's processes are gone; `replacement`: left over from a former run of the agent, and ended before the next start. */
  | ({ readonly kind: 'guestEnded'; readonly by: 'host' | 'replacement' | 'power' } & OfGuest)
  /** Stopping is raised in the role (H-27). */
  | ({
      readonly kind: 'roleStopping'
      /** Incarnation of the newest documents that the role had accepted. */
      readonly accepted: number
      /** True: the role had requested it, or Run had returned. */
      readonly asked: boolean
    } & OfGuest)

interface OfGuest {
  readonly host: string
  readonly containerId: string
  /** `<deployment ID>.<instance ID>` */
  readonly key: string
}
