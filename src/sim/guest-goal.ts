import type { GuestSpecification } from '../guest/contract/guest-specification.ts'
import type { RoleRoot } from './role-roots.ts'

/** What a guest reads from its goal state and the documents that come with it. */
export interface GuestGoal {
  readonly incarnation: number
  readonly started: boolean
  readonly root: RoleRoot
  /** The role root to be prepared while the role runs on. */
  readonly next?: RoleRoot | undefined
  readonly keepFormerRoot: boolean
  readonly specification: GuestSpecification
}
