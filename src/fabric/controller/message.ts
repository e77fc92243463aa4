import type { Ask } from '../../host/contract/goal.ts'
import type { HostFacts, HostReport } from '../../host/contract/report.ts'
import type { CommandEnvelope } from '../contract/commands.ts'
import type { RotationReport } from '../contract/rotation.ts'
import type { StoredPackage } from '../package-store/package-store.ts'

/** What the controller is told: a command from above, everything else from below. */
export type Message =
  /** `freshId`: 32 hexadecimal digits that nobody can guess, for what the command may create. */
  | { readonly kind: 'command'; readonly envelope: CommandEnvelope; readonly freshId: string }
  /** `facts.name` is that of the host's certificate. */
  | { readonly kind: 'register'; readonly facts: HostFacts }
  | { readonly kind: 'report'; readonly host: string; readonly report: HostReport }
  /** A host is given its goal, and about some deployments that has thrown: what, by their IDs (F-27). */
  | { readonly kind: 'goalGiven'; readonly host: string; readonly threw: Readonly<Record<string, string>> }
  /** The balancer's long poll was opened, or has ended. */
  | { readonly kind: 'balancerPoll'; readonly open: boolean }
  | { readonly kind: 'balancerReport'; readonly report: RotationReport }
  /** A package stands in the store that nobody may need. */
  | { readonly kind: 'packageRead'; readonly package: StoredPackage }
  /** A host, or the balancer, has seen a version of its goal, or of the rotation, that this master has not given. */
  | { readonly kind: 'seen'; readonly party: string; readonly version: number }
  | { readonly kind: 'ask'; readonly host: string; readonly ask: Ask }
  /** An ask was answered or nobody waits for it any more. */
  | { readonly kind: 'askEnded'; readonly host: string; readonly id: string }

export type MessageKind = Message['kind']
export type MessageOf<Kind extends MessageKind> = Extract<Message, { readonly kind: Kind }>
