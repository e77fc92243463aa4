/** Table 2.1 of docs/spec/fabric-behaviour.md: the one vocabulary of instance states, from guest to API (T-1, T-3). */
export type InstanceStatus =
  | 'RoleStateUnknown'
  | 'Preparing'
  | 'CreatingVM'
  | 'StartingVM'
  | 'CreatingRole'
  | 'StartingRole'
  | 'BusyRole'
  | 'ReadyRole'
  | 'StoppingRole'
  | 'StoppingVM'
  | 'StoppedVM'
  | 'DeletingVM'
  | 'RestartingRole'
  | 'CyclingRole'
  | 'FailedStartingRole'
  | 'FailedStartingVM'
  | 'UnresponsiveRole'

/** Describes the guest, not the role (T-5). */
export type PowerState = 'Starting' | 'Started' | 'Stopping' | 'Stopped' | 'Unknown'
