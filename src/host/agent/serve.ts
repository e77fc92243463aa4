import type { Instant } from '../../kernel/instant.ts'
import type { Certificate } from '../contract/goal.ts'
import { intentOf } from './intent.ts'
import type { Container, HostState, Served } from './state.ts'

/**
 * The container with the documents to serve to it now. The incarnation grows by one when anything in them changes, and only then (wire-server.md 5.1,
 * H-1). A new package is served once it is on the host; a stop does not wait for it.
 */
export function refreshed(state: HostState, container: Container, now: Instant): Container {
  const { record, goal } = container
  const source = goal && directoryOf(state, goal.packageSha256) !== undefined ? goal : record.served
  if (!source) return container
  const runs = intentOf(state, container) === 'run'
  const served: Served = {
    machine: runs ? 'Started' : 'Stopped',
    role: runs ? (goal?.role ?? source.role) : 'Stopped',
    packageSha256: source.packageSha256,
    directory: directoryOf(state, source.packageSha256) ?? record.served?.directory ?? '',
    root: source.root,
    prepare: heldNext(state, goal, source),
    keepFormerRoot: goal?.keepFormerRoot ?? source.keepFormerRoot,
    guest: source.guest,
    certificates: source.certificates,
    ...(source.machineKey && { machineKey: source.machineKey }),
    stopRolesDeadlineHintMs: state.configuration.timers.onStopLimit,
    agentPackage: state.configuration.agentPackage,
  }
  const same = record.served !== undefined && sameDocuments(served, record.served)
  const revision = goal && source === goal ? goal.revision : record.revision
  const stoppingSince = served.machine === 'Stopped' && record.process ? (record.stoppingSince ?? now) : undefined
  const formerSha256 = formerPackage(record, served)
  const unchanged = revision === record.revision && stoppingSince === record.stoppingSince
  if (same && unchanged && formerSha256 === record.formerSha256) return container
  return {
    ...container,
    record: {
      ...record,
      served: same ? record.served : served,
      incarnation: same ? record.incarnation : record.incarnation + 1,
      formerSha256,
      revision,
      stoppingSince,
    },
    stopCountsFrom: stoppingSince === record.stoppingSince ? container.stopCountsFrom : undefined,
    formerRevisions: same ? container.formerRevisions : withFormer(container),
    health: container.health && healthAfter(container.health, record, served, same ? revision : undefined),
  }
}

/** How many incarnations have their revision remembered: more than a role lags behind. */
const incarnationsRemembered = 16

function withFormer({ formerRevisions = {}, record }: Container): Container['formerRevisions'] {
  const all = { ...formerRevisions, [record.incarnation]: record.revision }
  return Object.fromEntries(Object.entries(all).slice(-incarnationsRemembered))
}

/**
 * A guest that has reached the documents has also reached a revision that changes none of them. A report about one prepared role root says nothing
 * about another.
 */
function healthAfter(
  health: NonNullable<Container['health']>,
  record: Container['record'],
  served: Served,
  revision: number | undefined,
): Container['health'] {
  const reached = revision !== undefined && health.goalStateIncarnation === record.incarnation
  const now = reached ? { ...health, revision } : health
  const sameNext =
    served.root === record.served?.root && served.prepare?.packageSha256 === record.served.prepare?.packageSha256
  return sameNext ? now : { ...now, prepared: undefined, prepareFault: undefined }
}

/** The role root to prepare, once its package is on the host; nothing while the goal's own package is on its way. */
function heldNext(
  state: HostState,
  goal: Container['goal'],
  source: Served | NonNullable<Container['goal']>,
): Served['prepare'] {
  const prepare = source === goal ? goal?.prepare : undefined
  const directory = prepare && directoryOf(state, prepare.packageSha256)
  return prepare && directory !== undefined ? { ...prepare, directory } : undefined
}

function directoryOf({ packages }: HostState, sha256: string): string | undefined {
  return packages.get(sha256)?.directory
}

function formerPackage({ served: before, formerSha256 }: Container['record'], served: Served): string | undefined {
  if (!served.keepFormerRoot) return undefined
  return before && before.root !== served.root ? before.packageSha256 : formerSha256
}

/** Whether two are equal. Values from one goal are the same object, so that a heartbeat need not compare documents. */
function sameDocuments(one: Served, other: Served): boolean {
  return (
    one.machine === other.machine &&
    one.role === other.role &&
    one.packageSha256 === other.packageSha256 &&
    one.directory === other.directory &&
    one.root === other.root &&
    sameData(one.prepare, other.prepare) &&
    one.keepFormerRoot === other.keepFormerRoot &&
    one.stopRolesDeadlineHintMs === other.stopRolesDeadlineHintMs &&
    sameData(one.guest, other.guest) &&
    sameData(one.certificates.map(shownOf), other.certificates.map(shownOf)) &&
    // It never changes, but is sealed again with each goal (I-14).
    (one.machineKey === undefined) === (other.machineKey === undefined) &&
    sameData(one.agentPackage, other.agentPackage)
  )
}

/** The part of a certificate that identifies it: its key is sealed again with each goal. */
function shownOf({ thumbprint, key }: Certificate): string {
  return key ? `${thumbprint} with its key` : thumbprint
}

/** Whether two pieces of plain data are equal, in the same order. */
export function sameData(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
