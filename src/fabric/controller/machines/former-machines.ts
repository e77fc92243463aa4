import type { Instant } from '../../../kernel/instant.ts'
import { together } from '../../../kernel/together.ts'
import type { ResolutionOf } from '../action.ts'
import type { Due } from '../due.ts'
import { drop, keep } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { memberRestMs } from './enlist.ts'
import { surelyEndsAt } from './in-force.ts'

/** How long a token is known after its end, so that who comes too late is told so. Origin: choice. */
const tokenKeptMs = 86_400_000

/** What is left of machines that were removed: their members of etcd go, and then, once nothing more is to be revoked, their records; tokens too. */
export function formerMachines(state: FabricState, now: Instant): Due {
  return together([() => membersToRemove(state, now), () => recordsToForget(state, now)])
}

function membersToRemove({ stored, observed }: FabricState, now: Instant): Due {
  const left = [...stored.formerMachine].filter(([, { member }]) => member !== undefined)
  const dueAt = ([key]: (typeof left)[number]) => (observed.memberFaults.get(key)?.at ?? 0) + memberRestMs
  const due = left.filter((one) => dueAt(one) <= now)
  const later = left.map(dueAt).filter((at) => at > now)
  return {
    actions: due.map(([key, { name, member }]) => ({
      kind: 'removeMember',
      key: `removeMember ${key}`,
      reason: `the machine ${name} was removed`,
      former: key,
      member: member?.id ?? '',
      memberUrl: member?.memberUrl ?? '',
    })),
    ...(later.length > 0 && { wakeAt: Math.min(...later) }),
  }
}

function recordsToForget({ stored }: FabricState, now: Instant): Due {
  const formers = [...stored.formerMachine].flatMap(([key, { member, etcdCertificates }]) =>
    member === undefined ? [{ key, at: Math.max(0, ...etcdCertificates.map(surelyEndsAt)) }] : [],
  )
  const tokens = [...stored.joinToken].map(([key, { validUntil }]) => ({ key, at: validUntil + tokenKeptMs }))
  const over = (all: typeof tokens) => all.filter(({ at }) => at <= now).map(({ key }) => key)
  const later = [...formers, ...tokens].flatMap(({ at }) => (at > now ? [at] : []))
  const action = { machines: over(formers), tokens: over(tokens) }
  const reason = 'nothing is to be done about them any more'
  return {
    actions:
      action.machines.length + action.tokens.length > 0
        ? [{ kind: 'forgetMachines', key: 'forgetMachines', reason, ...action }]
        : [],
    ...(later.length > 0 && { wakeAt: Math.min(...later) }),
  }
}

export function machinesForgotten(
  state: FabricState,
  { machines, tokens }: ResolutionOf<'forgetMachines'>,
): ControllerStep {
  const changes = [...machines.map((key) => drop('formerMachine', key)), ...tokens.map((key) => drop('joinToken', key))]
  return { state: keep(state, ...changes), touched: [] }
}
