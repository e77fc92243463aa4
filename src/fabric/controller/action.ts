import type { Fault, Result } from '../../kernel/fault.ts'
import type { Brought, Candidate, Shared } from '../package-store/package-peers.ts'
import type { StoredPackage } from '../package-store/package-store.ts'
import type { NextStep } from './servicing/servicing-progress.ts'
import type { PackageCopyRecord } from './state/records.ts'

interface Common {
  readonly key: string
  readonly reason: string
}

/** Actions with an effect on the machine. */
export type Effect = Common &
  (
    | {
        readonly kind: 'fetchPackage'
        readonly deployment: string
        readonly url: string
        /** Candidates of which one is to hold it too, the preferred first; absent when there is none. */
        readonly to?: readonly Candidate[]
      }
    /** Here, and `at` other candidates that can be told now. */
    | { readonly kind: 'dropPackage'; readonly sha256: string; readonly at?: readonly Candidate[] }
    | { readonly kind: 'copyPackage'; readonly copy: PackageCopyRecord }
    /** Members of etcd: a learner for a machine; made a voter; removed with its machine. */
    | { readonly kind: 'addMember'; readonly machine: string; readonly name: string; readonly memberUrl: string }
    | { readonly kind: 'promoteMember'; readonly machine: string; readonly member: string }
    | { readonly kind: 'removeMember'; readonly former: string; readonly member: string; readonly memberUrl: string }
    /** Has another candidate hold it too. */
    | { readonly kind: 'sharePackage'; readonly sha256: string; readonly to: readonly Candidate[] }
    /** Gets it from a candidate that holds it. */
    | { readonly kind: 'bringPackage'; readonly sha256: string; readonly from: readonly Candidate[] }
  )

/** Actions that change only the state, at once, through `resolve`. */
export type Resolution = Common &
  /** Takes instances out of rotation before they stop. */
  (
    | { readonly kind: 'takeOut'; readonly deployment: string; readonly instances: readonly string[] }
    /** Cancels that: they stay. */
    | { readonly kind: 'takeBack'; readonly deployment: string; readonly instances: readonly string[] }
    /** Sends the hosts the targets of these instances. */
    | { readonly kind: 'tell'; readonly deployment: string; readonly instances: readonly string[] }
    /** Instances that are gone, or whose host will not report it. */
    | { readonly kind: 'forget'; readonly deployment: string; readonly instances: readonly string[] }
    /** Steps of the update. */
    | { readonly kind: 'beginDomain' | 'passDomain' | 'endUpdate'; readonly deployment: string }
    | { readonly kind: 'removeInstances'; readonly deployment: string; readonly instances: readonly string[] }
    | { readonly kind: 'failUpdate'; readonly deployment: string; readonly fault: Fault }
    | { readonly kind: 'finish'; readonly deployment: string; readonly operations: readonly string[] }
    /** Steps of the platform's servicing (H-21, H-22). */
    | { readonly kind: 'beginServicing'; readonly deployment: string; readonly step: NextStep }
    /** There is no room to move them until `room` grows. */
    | { readonly kind: 'awaitRoom'; readonly deployment: string; readonly room: number }
    | { readonly kind: 'moveServiced' | 'releaseServiced' | 'endServicing'; readonly deployment: string }
    | { readonly kind: 'declareDrained'; readonly host: string }
    | { readonly kind: 'declareLost'; readonly host: string }
    | { readonly kind: 'heal'; readonly host: string }
    | { readonly kind: 'endBrake' }
    | { readonly kind: 'forgetHistory'; readonly operations: readonly string[] }
    | { readonly kind: 'giveUpMachine'; readonly machine: string }
    /** Keys of former machines and of tokens. */
    | { readonly kind: 'forgetMachines'; readonly machines: readonly string[]; readonly tokens: readonly string[] }
    | { readonly kind: 'forgetHost'; readonly host: string }
  )

/** What the controller does. */
export type ControllerAction = Effect | Resolution

type OfKind<Acts extends { readonly kind: string }, Kind> = Acts extends { readonly kind: string }
  ? Kind extends Acts['kind']
    ? Acts
    : never
  : never

export type EffectOf<Kind extends Effect['kind']> = OfKind<Effect, Kind>
export type ResolutionOf<Kind extends Resolution['kind']> = OfKind<Resolution, Kind>

export type Outcome =
  | { readonly kind: 'copied'; readonly result: Result<undefined> }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'memberAdded'
      readonly result: Result<{ readonly member: string; readonly initialCluster: string }>
    }
  | { readonly kind: 'memberChanged'; readonly result: Result<undefined> }
  /** `shared`: how its copying went, where there was a candidate for it. */
  | { readonly kind: 'fetched'; readonly result: Result<StoredPackage>; readonly shared?: Shared | undefined }
  | { readonly kind: 'shared'; readonly shared: Shared }
  | { readonly kind: 'brought'; readonly brought: Brought }
