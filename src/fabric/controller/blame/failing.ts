import { Set } from 'immutable'
import type { InstanceReport } from '../../../host/contract/report.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { InstanceStatus } from '../../../service-model/instance-status.ts'
import { allHosts } from '../brake/pull-brake.ts'
import { note } from '../history/events.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import { type FabricState, type Failing, observe } from '../state/state.ts'
import { deploymentSubject, hostSubject, type Subject } from '../subject.ts'
import { listed } from '../update/words.ts'
import { signatureOf } from './signature.ts'

/** A failure that so many hosts show alike is none of theirs (H-40). */
const hostsAlike = 3

/** It may be a moment's: an instance counts when it has failed so often in a row. */
const leastTimes = 2

const failures: Set<InstanceStatus> = Set.of(
  'CyclingRole',
  'FailedStartingRole',
  'FailedStartingVM',
  'UnresponsiveRole',
)

/** Failures of one signature on several hosts. */
export interface Alike {
  readonly signature: string
  readonly hosts: readonly string[]
}

/** What was just healed and has not been Ready since. */
const justHealed: Failing = { signature: '', times: 0, healed: true }

/** Of an instance that is healed. One that was failing before, wherever it was, says nothing about healing. */
export function failingOnceHealed(before: Failing | undefined): Failing | undefined {
  return before && !before.healed ? undefined : justHealed
}

/** Notes which of these instances fail, and how (H-40). */
export function noteFailing(
  before: FabricState,
  after: FabricState,
  keys: readonly string[],
  now: Instant,
): FabricState {
  const failing = after.observed.failing.withMutations((noted) => {
    for (const key of keys) {
      const next = failingAfter(after, key)
      if (next) noted.set(key, next)
      else noted.delete(key)
    }
  })
  if (failing === after.observed.failing) return after
  const next = observe(after, { failing })
  const alike = healedAlike(next)
  if (!alike || healedAlike(before)) return next
  return note(next, now, { subject: allHosts, kind: 'HealingHeld', reason: healedWords(alike) })
}

/**
 * Who waits for the end of failures, when these instances show theirs no more: they are Ready, gone, elsewhere, or were told something since. Lost
 * hosts wait for their healing, deployments for a new guest OS.
 */
export function awaitingBlame(before: FabricState, after: FabricState, keys: readonly string[]): readonly Subject[] {
  const ended = keys.flatMap((key) => (shownFailure(after, key) ? [] : (shownFailure(before, key) ?? [])))
  if (ended.length === 0) return []
  const concerned = ended.some(({ release }) => release !== undefined) ? [...after.stored.deployment.keys()] : []
  return [...[...after.observed.lost].map(hostSubject), ...concerned.map(deploymentSubject)]
}

function failingAfter({ stored, observed }: FabricState, key: string): Failing | undefined {
  const former = observed.failing.get(key)
  const instance = stored.instance.get(key)
  const report = observed.reports.get(key)
  // What is to be stopped does not fail any more, and never gets Ready.
  if (instance?.told.run !== 'Started') return undefined
  // One that was healed has not said anything yet.
  if (!report || report.revision < instance.told.runRevision) return former?.healed ? former : undefined
  if (!failures.has(report.status)) return isWell(report) ? undefined : former
  const signature = signatureOf(report.errorCode, report.details)
  const times = former?.signature === signature ? former.times + 1 : 1
  const cause = stored.deployment.get(instance.deployment)?.servicing
  const release = cause?.instances.includes(key) && 'release' in cause.cause ? cause.cause.release : former?.release
  return { signature, times: Math.max(times, report.failures), release, healed: former?.healed }
}

/** One that ends again and again is Ready in between. */
function isWell({ status, failures: inARow }: InstanceReport): boolean {
  return status === 'ReadyRole' && inARow === 0
}

/** Of these instances, the failures that three hosts or more show alike; undefined when there are none. */
export function alikeOf(state: FabricState, instances: Iterable<InstanceRecord>): Alike | undefined {
  const hosts = new Map<string, Set<string>>()
  for (const { key, host } of instances) {
    const found = shownFailure(state, key)
    if (!found) continue
    const alike = (hosts.get(found.signature) ?? Set<string>()).add(host)
    hosts.set(found.signature, alike)
    if (alike.size >= hostsAlike) return { signature: found.signature, hosts: alike.toArray().sort() }
  }
  return undefined
}

/** How an instance fails that has failed often enough to count. What was told it since has not shown itself yet. */
function shownFailure({ stored, observed }: FabricState, key: string): Failing | undefined {
  const found = observed.failing.get(key)
  const instance = stored.instance.get(key)
  const revision = observed.reports.get(key)?.revision ?? 0
  return found && instance && found.times >= leastTimes && revision >= instance.told.runRevision ? found : undefined
}

/** What was healed fails alike wherever it came: healing more of it helps nobody. */
export function healedAlike(state: FabricState): Alike | undefined {
  return alikeOf(
    state,
    failingWhere(state, ({ healed }) => healed === true),
  )
}

/** A new release of the guest OS fails alike wherever it came. */
export function releaseAlike(state: FabricState, release: string): Alike | undefined {
  return alikeOf(
    state,
    failingWhere(state, (found) => found.release === release),
  )
}

function failingWhere(
  { stored, observed }: FabricState,
  condition: (failing: Failing) => boolean,
): readonly InstanceRecord[] {
  return [...observed.failing].flatMap(([key, found]) => {
    const instance = condition(found) ? stored.instance.get(key) : undefined
    return instance ? [instance] : []
  })
}

export function alikeWords({ signature, hosts }: Alike): string {
  return `role instances on ${listed(hosts)} fail alike: "${signature}"`
}

export function healedWords(alike: Alike): string {
  return `what is started on another host fails there: ${alikeWords(alike)}. So no more is moved until some of it is Ready`
}
