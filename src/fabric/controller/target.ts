import type { DeploymentRecord, Epochs, InstanceRecord, Told } from './records.ts'

/** What the fabric wants of an instance; `told` follows it once the instance is out of rotation. */
export interface Target {
  readonly run: Told['run']
  readonly epochs: Epochs
}

const runOf = { Running: 'Started', Suspended: 'Stopped', Deleted: 'Gone' } as const

export function targetOf(deployment: DeploymentRecord, instance: InstanceRecord): Target {
  return { run: runOf[deployment.wanted], epochs: instance.epochs }
}

/** Whether the host has been told all that is wanted. */
export function isTold({ told }: InstanceRecord, target: Target): boolean {
  return told.run === target.run && sameEpochs(told.epochs, target.epochs)
}

/** Whether reaching the target stops a guest that runs now: then it has to leave rotation first (H-27). */
export function stops(instance: InstanceRecord, target: Target): boolean {
  return instance.told.run === 'Started' && !isTold(instance, target)
}

/** What the host is told next. The role root is rebuilt at the start after a suspension (table 3.1, H-36). */
export function nextTold({ told }: InstanceRecord, { run, epochs }: Target): Told {
  const resumed = told.run === 'Stopped' && run === 'Started'
  return { run, epochs: resumed ? { ...epochs, e: epochs.e + 1 } : epochs, revision: told.revision + 1 }
}

function sameEpochs(a: Epochs, b: Epochs): boolean {
  return a.guest === b.guest && a.c === b.c && a.d === b.d && a.e === b.e
}
