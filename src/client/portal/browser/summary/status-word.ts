import type { InstanceStatus } from '../../../../service-model/instance-status.ts'

/** The portal's words for the states of an instance (T-11). Those that fail to start have no word there, and get one. */
export type StatusWord =
  | 'ready'
  | 'busy'
  | 'recycling'
  | 'restarting'
  | 'initializing'
  | 'stopping'
  | 'stopped'
  | 'deleting'
  | 'failed'
  | 'unresponsive'
  | 'waitingForHost'

const words: Readonly<Record<InstanceStatus, StatusWord>> = {
  RoleStateUnknown: 'waitingForHost',
  Preparing: 'initializing',
  CreatingVM: 'initializing',
  StartingVM: 'initializing',
  CreatingRole: 'initializing',
  StartingRole: 'initializing',
  BusyRole: 'busy',
  ReadyRole: 'ready',
  StoppingRole: 'stopping',
  StoppingVM: 'stopping',
  StoppedVM: 'stopped',
  DeletingVM: 'deleting',
  RestartingRole: 'restarting',
  CyclingRole: 'recycling',
  FailedStartingRole: 'failed',
  FailedStartingVM: 'failed',
  UnresponsiveRole: 'unresponsive',
}

/** Of a status that this portal does not know: that nothing is known. */
export function statusWord(status: string): StatusWord {
  return Object.hasOwn(words, status) ? words[status as InstanceStatus] : 'waitingForHost'
}

/** How a state is marked, beside its word. */
export type Mark = 'good' | 'moving' | 'resting' | 'bad' | 'unknown'

const marks: Readonly<Record<StatusWord, Mark>> = {
  ready: 'good',
  busy: 'moving',
  recycling: 'bad',
  restarting: 'moving',
  initializing: 'moving',
  stopping: 'moving',
  stopped: 'resting',
  deleting: 'moving',
  failed: 'bad',
  unresponsive: 'bad',
  waitingForHost: 'unknown',
}

export function markOf(word: StatusWord): Mark {
  return marks[word]
}

/** A deployment's status (T-9): at rest, or on its way. */
export function deploymentMark(status: string): Mark {
  if (status === 'Running') return 'good'
  if (status === 'Suspended') return 'resting'
  return status === 'Unavailable' ? 'unknown' : 'moving'
}
