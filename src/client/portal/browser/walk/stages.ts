import type { Progress } from '../../../service-management/updates.ts'

type Update = NonNullable<Progress['update']>
type ProgressInstance = Progress['instances'][number]

/**
 * Where an instance is on its way to the new version: `waits` → `next` → `leaves` (the rotation) → `stops` → `starts` → `busy` → `settles` → `done`.
 * `unknown`: nothing is known of it now, as just after the controller has started again, or when its host is lost (H-16).
 * `aside`: the update does not concern its role (U-16). `atRest`: it has the new version and stands still (U-65).
 */
export type Stage =
  | 'aside'
  | 'waits'
  | 'next'
  | 'leaves'
  | 'stops'
  | 'starts'
  | 'busy'
  | 'settles'
  | 'done'
  | 'atRest'
  | 'unknown'
  | 'fails'

/** `isReached`: the world reaches its role, so that it is in a rotation (L-17). */
export function stageOf(update: Update, instance: ProgressInstance, isReached: boolean): Stage {
  const { role, target } = update
  if (role !== undefined && role !== instance.role) return 'aside'
  const ofStatus = stages[instance.status]
  if (ofStatus === 'fails' || ofStatus === 'unknown') return ofStatus
  if (instance.version !== target) return beforeStop(update, instance, isReached)
  if (ofStatus !== undefined) return ofStatus
  if (instance.hasSettled) return 'done'
  if (!isBeginning(update) || instance.inRotation) return 'settles'
  return isReached ? 'leaves' : 'next'
}

/** It has the former version still: it waits, or drains first when its domain is in work (U-14). */
function beforeStop(update: Update, { domain, inRotation }: ProgressInstance, isReached: boolean): Stage {
  if (!isInStep(update, domain)) return 'waits'
  return update.domainState === 'During' && isReached && !inRotation ? 'leaves' : 'next'
}

const stages: Readonly<Record<string, Stage>> = {
  StoppingRole: 'stops',
  StoppingVM: 'stops',
  DeletingVM: 'stops',
  Preparing: 'starts',
  CreatingVM: 'starts',
  StartingVM: 'starts',
  CreatingRole: 'starts',
  StartingRole: 'starts',
  RestartingRole: 'starts',
  BusyRole: 'busy',
  StoppedVM: 'atRest',
  CyclingRole: 'fails',
  FailedStartingRole: 'fails',
  FailedStartingVM: 'fails',
  UnresponsiveRole: 'fails',
  RoleStateUnknown: 'unknown',
}

/** Until an instance has reported about its new goal it is Ready for the former one, and only the sentence tells that from Ready for the new one. */
function isBeginning({ waitsFor }: Update): boolean {
  return waitsFor.includes(' has not begun')
}

function isInStep({ mode, domain }: Update, ofInstance: number): boolean {
  return mode === 'Simultaneous' || domain === ofInstance
}

/** How many instances are in each stage, in the order of the way. `unreached`: roles that are in no rotation. */
export function stageCounts(
  update: Update,
  instances: Progress['instances'],
  unreached: ReadonlySet<string>,
): readonly { readonly stage: Stage; readonly count: number }[] {
  const counts = Map.groupBy(instances, (one) => stageOf(update, one, !unreached.has(one.role)))
  return order.flatMap((stage) => {
    const members = counts.get(stage)
    return members ? [{ stage, count: members.length }] : []
  })
}

const order: readonly Stage[] = [
  'aside',
  'waits',
  'next',
  'leaves',
  'stops',
  'starts',
  'busy',
  'settles',
  'done',
  'atRest',
  'unknown',
  'fails',
]

/** What an instance goes through, as a row of steps. */
export const steps = ['leaves', 'stops', 'starts', 'settles'] as const

/** How many of the steps lie behind an instance, and which one it is in. */
export function stepsOf(stage: Stage): { readonly passed: number; readonly at: number | undefined } {
  const at = { leaves: 0, stops: 1, starts: 2, busy: 2, fails: 2, settles: 3 } as const
  if (stage === 'done' || stage === 'atRest') return { passed: steps.length, at: undefined }
  const index = Object.hasOwn(at, stage) ? at[stage as keyof typeof at] : undefined
  return { passed: index ?? 0, at: index }
}

/** An upgrade domain, as it stands in the walk. */
export interface Column {
  readonly domain: number
  readonly standing: 'walked' | 'now' | 'next' | 'waits'
  readonly instances: readonly ProgressInstance[]
}

/** The domains in their order. Those without an instance are passed over (U-18), and shown all the same. */
export function columnsOf(update: Update, instances: Progress['instances']): readonly Column[] {
  const members = Map.groupBy(instances, ({ domain }) => domain)
  return Array.from({ length: update.domains }, (_, domain) => ({
    domain,
    standing: standingOf(update, domain),
    instances: members.get(domain) ?? [],
  }))
}

function standingOf({ mode, domain: current, domainState }: Update, domain: number): Column['standing'] {
  if (mode === 'Simultaneous') return 'now'
  if (domain === current) return domainState === 'During' ? 'now' : 'next'
  return domain < current ? 'walked' : 'waits'
}

/** How many instances concerned there are, and how many have come to the new version and settled there. */
export function doneCount(
  update: Update,
  instances: Progress['instances'],
): { readonly done: number; readonly all: number } {
  // Whether the world reaches an instance makes no difference to its being done.
  const reached = instances.map((one) => stageOf(update, one, true)).filter((stage) => stage !== 'aside')
  return { done: reached.filter((stage) => stage === 'done' || stage === 'atRest').length, all: reached.length }
}
