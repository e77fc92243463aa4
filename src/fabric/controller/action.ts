import type { Fault, Result } from '../../kernel/fault.ts'
import type { StoredPackage } from '../package-store/package-store.ts'
import type { NextStep } from './servicing/servicing-progress.ts'
import type { PackageCopyRecord } from './state/records.ts'

interface Common {
  readonly key: string
  readonly reason: string
}

interface Step {
  readonly deployment: string
  readonly update: string
  readonly domain: number
}

/**
 * What the controller does. `fetchPackage`, `dropPackage` and `copyPackage` have an effect on the machine; the others are resolutions, whose only
 * effect is the state that `settle` makes of them.
 */
export type ControllerAction = Common &
  (
    | { readonly kind: 'fetchPackage'; readonly deployment: string; readonly url: string }
    | { readonly kind: 'dropPackage'; readonly sha256: string }
    | { readonly kind: 'copyPackage'; readonly copy: PackageCopyRecord }
    /** Takes instances out of rotation because they are to stop. */
    | { readonly kind: 'takeOut'; readonly deployment: string; readonly instances: readonly string[] }
    /** Lets them stay after all. */
    | { readonly kind: 'takeBack'; readonly deployment: string; readonly instances: readonly string[] }
    /** Tells the hosts what is wanted of these instances. */
    | { readonly kind: 'tell'; readonly deployment: string; readonly instances: readonly string[] }
    /** Instances of which nothing is left, or whose host will not tell. */
    | { readonly kind: 'forget'; readonly deployment: string; readonly instances: readonly string[] }
    /** A step of the update: of a newer update, or another domain, it means nothing any more. */
    | ({ readonly kind: 'beginDomain' } & Step)
    | ({ readonly kind: 'passDomain' } & Step)
    | ({ readonly kind: 'endUpdate' } & Step)
    | ({ readonly kind: 'removeInstances'; readonly instances: readonly string[] } & Step)
    | ({ readonly kind: 'failUpdate'; readonly fault: Fault } & Step)
    | { readonly kind: 'finish'; readonly deployment: string; readonly operations: readonly string[] }
    /** Steps of the platform's servicing (H-21, H-22). */
    | { readonly kind: 'beginServicing'; readonly deployment: string; readonly step: NextStep }
    /** There is no room to move them: not before `room` has grown. */
    | { readonly kind: 'awaitRoom'; readonly deployment: string; readonly room: number }
    | { readonly kind: 'moveServiced' | 'releaseServiced' | 'endServicing'; readonly deployment: string }
    | { readonly kind: 'declareDrained'; readonly host: string }
    | { readonly kind: 'declareLost'; readonly host: string }
    | { readonly kind: 'heal'; readonly host: string }
    | { readonly kind: 'forgetHistory'; readonly operations: readonly string[] }
  )

export type ActionKind = ControllerAction['kind']
export type ActionOf<Kind extends ActionKind> = Extract<ControllerAction, { readonly kind: Kind }>

export type Outcome =
  | { readonly kind: 'copied'; readonly result: Result<undefined> }
  | { readonly kind: 'done' }
  | { readonly kind: 'fetched'; readonly result: Result<StoredPackage> }
