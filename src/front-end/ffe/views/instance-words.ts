import type { InstanceStatus } from '../../../service-model/instance-status.ts'

/** First version with the present names of instance states, and with Locked and RollbackAllowed (T-4, R-14). */
export const wordsChanged = '2011-10-01'

const oldWords: Readonly<Record<InstanceStatus, string>> = {
  Preparing: 'Initializing',
  CreatingVM: 'Initializing',
  StartingVM: 'Initializing',
  CreatingRole: 'Initializing',
  StartingRole: 'Initializing',
  ReadyRole: 'Ready',
  BusyRole: 'Busy',
  RestartingRole: 'Busy',
  CyclingRole: 'Busy',
  FailedStartingRole: 'Busy',
  FailedStartingVM: 'Busy',
  StoppingRole: 'Stopping',
  StoppingVM: 'Stopping',
  DeletingVM: 'Stopping',
  StoppedVM: 'Stopped',
  UnresponsiveRole: 'Unresponsive',
  RoleStateUnknown: 'Unresponsive',
}

/** The name of a state in a version of the API (T-4). */
export function instanceWord(status: InstanceStatus, version: string): string {
  return version < wordsChanged ? oldWords[status] : status
}
