import type { Ask } from '../../host/contract/goal.ts'
import type { HostFacts, HostReport } from '../../host/contract/report.ts'
import type { CommandEnvelope } from '../contract/commands.ts'
import type { RotationReport } from '../contract/rotation.ts'
import type { StoredPackage } from '../package-store/package-store.ts'
import type { Joiner } from './machines/joiner.ts'
import type { CertificateMark } from './state/records/machine.ts'

/** Messages to the controller: a command from above, all others from below. */
export type Message =
  /** `freshId`: 32 hexadecimal digits that nobody can guess, for what the command may create. */
  | { readonly kind: 'command'; readonly envelope: CommandEnvelope; readonly freshId: string }
  /** `facts.name` is that of the host's certificate. */
  | { readonly kind: 'register'; readonly facts: HostFacts }
  | { readonly kind: 'report'; readonly host: string; readonly report: HostReport }
  /** A host gets its goal. Errors thrown while making it, by deployment ID (F-27). */
  | { readonly kind: 'goalGiven'; readonly host: string; readonly threw: Readonly<Record<string, string>> }
  /** A balancer asks for the table, or has stopped asking for so long that it serves nobody any more. `balancer`: the name in its certificate. */
  | { readonly kind: 'balancerPoll'; readonly balancer: string; readonly open: boolean }
  | { readonly kind: 'balancerReport'; readonly balancer: string; readonly report: RotationReport }
  /** The store has a package that perhaps nobody needs. */
  | { readonly kind: 'packageRead'; readonly package: StoredPackage }
  /** Another candidate says which packages it holds, by SHA-256. */
  | { readonly kind: 'packagesHeld'; readonly machine: string; readonly held: readonly string[] }
  /** A host has seen a version of its goal, or a balancer one of the rotation, that this master has not sent. */
  | { readonly kind: 'seen'; readonly party: string; readonly version: number }
  | { readonly kind: 'ask'; readonly host: string; readonly ask: Ask }
  /** A question was answered, or nobody waits for it any more. */
  | { readonly kind: 'askEnded'; readonly host: string; readonly id: string }
  /** A machine wants to join. */
  | { readonly kind: 'join'; readonly joiner: Joiner }
  /** Certificates were signed for a machine. */
  | {
      readonly kind: 'renewed'
      readonly machine: string
      readonly certificates: readonly CertificateMark[]
      /** Of Reddog, when it has another. */
      readonly version?: string | undefined
    }
  /** The member of etcd of a machine runs: it may become a voter. */
  | { readonly kind: 'promote'; readonly machine: string }

export type MessageKind = Message['kind']
export type MessageOf<Kind extends MessageKind> = Extract<Message, { readonly kind: Kind }>
