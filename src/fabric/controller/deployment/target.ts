import type { InstanceChange } from '../../contract/plan.ts'
import { isHalted, newRelease } from '../servicing/covers.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { Epochs, InstanceRecord, Told } from '../state/records/instance.ts'
import { changeOf, hasNewSize, hasNewSystem, isStop, versionNumbered } from '../update/change.ts'
import { wantedVersion } from '../update/wanted-version.ts'

/** The state that the fabric wants for an instance; `told` follows it once the instance is out of rotation. */
export interface Target {
  readonly run: Told['run']
  readonly version: number
  /** What that version means for the instance. */
  readonly change: InstanceChange
  readonly epochs: Epochs
  readonly root: number
}

const runOf = { Running: 'Started', Suspended: 'Stopped', Deleted: 'Gone' } as const

export function targetOf(deployment: DeploymentRecord, instance: InstanceRecord): Target {
  const wanted = instance.going ? 'Gone' : runOf[deployment.wanted]
  const run = wanted === 'Started' && isHalted(deployment, instance) ? 'Stopped' : wanted
  const version = run === 'Gone' ? instance.version : wantedVersion(deployment, instance)
  const { told } = instance
  const epochs = grown(instance.epochs, newRelease(deployment, instance) === undefined ? rebuilt.none : rebuilt.system)
  if (version === instance.version) return { run, version, change: 'none', epochs, root: told.root }
  const change = changeOf(deployment, instance.role, instance.version, version)
  const [before, after] = [versionNumbered(deployment, instance.version), versionNumbered(deployment, version)]
  return {
    run,
    version,
    change,
    epochs: grown(
      epochs,
      hasNewSize(before, after, instance.role)
        ? rebuilt.size
        : hasNewSystem(before, after)
          ? rebuilt.system
          : rebuilt.none,
    ),
    root: told.root + (change === 'package' ? 1 : 0),
  }
}

/** Whether the host has been sent the whole target. */
export function isTold({ told, version }: InstanceRecord, target: Target): boolean {
  if (target.run === 'Gone') return told.run === 'Gone'
  return told.run === target.run && version === target.version && sameEpochs(told.epochs, target.epochs)
}

/** Whether reaching the target stops a role that runs now: then it has to leave rotation first (H-27). */
export function stops({ told }: InstanceRecord, target: Target): boolean {
  if (told.run !== 'Started') return false
  return target.run !== 'Started' || !sameEpochs(told.epochs, target.epochs) || isStop(target.change)
}

/** What is sent to the host next. The role root is rebuilt at the start after a suspension (table 3.1, H-36). */
export function nextTold(instance: InstanceRecord, target: Target, vip: string): Told {
  const { told } = instance
  const { run, root, change } = target
  const beginsAnew = run !== told.run || stops(instance, target)
  if (!beginsAnew && change === 'none' && sameEpochs(told.epochs, target.epochs)) return told
  const resumed = told.run === 'Stopped' && run === 'Started'
  const epochs = resumed ? { ...target.epochs, e: target.epochs.e + 1 } : target.epochs
  const revision = told.revision + 1
  return { run, epochs, root, revision, runRevision: beginsAnew ? revision : told.runRevision, vip }
}

/** Version of an instance whose target was sent, and the update that moved it: an update does not wait for instances that it does not move. */
export function versionAfter(
  { update }: DeploymentRecord,
  { movedBy }: InstanceRecord,
  target: Target,
): Pick<InstanceRecord, 'version' | 'movedBy'> {
  return { version: target.version, movedBy: target.change === 'none' ? movedBy : update?.id }
}

function sameEpochs(a: Epochs, b: Epochs): boolean {
  return a.guest === b.guest && a.c === b.c && a.d === b.d && a.e === b.e
}

/** Table 3.1: drives that a change of the role's size or of the guest operating system rebuilds (U-50, H-22). */
const rebuilt = {
  size: { guest: 1, c: 1, d: 1, e: 1 },
  system: { guest: 1, c: 0, d: 1, e: 1 },
  none: { guest: 0, c: 0, d: 0, e: 0 },
} as const

function grown(epochs: Epochs, by: Epochs): Epochs {
  return { guest: epochs.guest + by.guest, c: epochs.c + by.c, d: epochs.d + by.d, e: epochs.e + by.e }
}
