import type { Progress } from '../../../service-management/updates.ts'

type Update = NonNullable<Progress['update']>

/** The button of a manual update: the only domain that can be walked, and why it cannot be yet (M-9, U-31, U-32). */
export interface WalkOffer {
  readonly domain: number
  readonly hindrance: 'walking' | undefined
}

/** Undefined unless domains are walked by hand. `asked`: the domain that this page has asked to walk and that is not walked yet. */
export function walkOffer({ mode, domain, domainState }: Update, asked: number | undefined): WalkOffer | undefined {
  if (mode !== 'Manual') return undefined
  return { domain, hindrance: domainState === 'During' || asked === domain ? 'walking' : undefined }
}

/** Why an update cannot be rolled back; undefined when it can (U-41 to U-45). */
export function rollbackHindrance(
  { kind }: Update,
  { rollbackAllowed, locked }: { readonly rollbackAllowed: boolean; readonly locked: boolean },
): 'isRollback' | 'locked' | 'notAllowed' | undefined {
  if (kind === 'rollback') return 'isRollback'
  if (locked) return 'locked'
  return rollbackAllowed ? undefined : 'notAllowed'
}
