/** How a status looks: its sign and colour. */
export type StatusTone = 'good' | 'moving' | 'bad' | 'stopping' | 'off' | 'unknown'

/** The words of the portal (T-11). */
export type StatusWord =
  | 'ready'
  | 'busy'
  | 'recycling'
  | 'restarting'
  | 'initializing'
  | 'unresponsive'
  | 'waitingForHost'
  | 'stopping'
  | 'stopped'
  | 'deleting'
  | 'failed'

const words: ReadonlyMap<string, readonly [StatusWord, StatusTone]> = new Map([
  ['ReadyRole', ['ready', 'good']],
  ['BusyRole', ['busy', 'moving']],
  ['CyclingRole', ['recycling', 'bad']],
  ['RestartingRole', ['restarting', 'moving']],
  ['Preparing', ['initializing', 'moving']],
  ['CreatingVM', ['initializing', 'moving']],
  ['StartingVM', ['initializing', 'moving']],
  ['CreatingRole', ['initializing', 'moving']],
  ['StartingRole', ['initializing', 'moving']],
  ['UnresponsiveRole', ['unresponsive', 'bad']],
  ['RoleStateUnknown', ['waitingForHost', 'unknown']],
  ['StoppingRole', ['stopping', 'stopping']],
  ['StoppingVM', ['stopping', 'stopping']],
  ['StoppedVM', ['stopped', 'off']],
  ['DeletingVM', ['deleting', 'stopping']],
  ['FailedStartingRole', ['failed', 'bad']],
  ['FailedStartingVM', ['failed', 'bad']],
])

/** The word for a status of table 2.1; none for another, which is shown as it is. */
export function statusWordOf(status: string): { readonly word: StatusWord | undefined; readonly tone: StatusTone } {
  const [word, tone] = words.get(status) ?? [undefined, 'unknown' as const]
  return { word, tone }
}
