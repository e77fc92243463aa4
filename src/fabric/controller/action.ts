import type { Result } from '../../kernel/fault.ts'
import type { StoredPackage } from '../package-store/package-store.ts'

interface Common {
  readonly key: string
  readonly reason: string
}

/**
 * What the controller does. `fetchPackage` and `dropPackage` have an effect on the machine; the others are resolutions, whose only
 * effect is the state that `settle` makes of them.
 */
export type ControllerAction = Common &
  (
    | { readonly kind: 'fetchPackage'; readonly deployment: string; readonly url: string }
    | { readonly kind: 'dropPackage'; readonly sha256: string }
    /** Takes instances out of rotation because they are to stop. */
    | { readonly kind: 'takeOut'; readonly deployment: string; readonly instances: readonly string[] }
    /** Tells the hosts what is wanted of these instances. */
    | { readonly kind: 'tell'; readonly deployment: string; readonly instances: readonly string[] }
    /** Instances of which nothing is left, or whose host will not tell. */
    | { readonly kind: 'forget'; readonly deployment: string; readonly instances: readonly string[] }
    | { readonly kind: 'finish'; readonly deployment: string; readonly operations: readonly string[] }
    | { readonly kind: 'declareLost'; readonly host: string }
    | { readonly kind: 'heal'; readonly host: string }
    | { readonly kind: 'forgetHistory'; readonly operations: readonly string[] }
  )

export type ActionKind = ControllerAction['kind']
export type ActionOf<Kind extends ActionKind> = Extract<ControllerAction, { readonly kind: Kind }>

export type Outcome = { readonly kind: 'done' } | { readonly kind: 'fetched'; readonly result: Result<StoredPackage> }
