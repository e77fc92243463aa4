import type { Places } from '../data-directory.ts'
import type { MachineRecord } from '../machine-record.ts'
import { controllersOf } from './controllers.ts'

/** What the fabric loses while this machine is down, in one sentence; undefined when the others go on without it. */
export function leaveWords(places: Places, { name, controller, etcd }: MachineRecord): string | undefined {
  if (!controller) return undefined
  const others = controllersOf(places).length - 1
  const until = 'until it is up again nothing is changed and nothing healed; what runs on other machines runs on'
  if (others < 1) return `${name} is the last machine with a controller: ${until}.`
  return others === 1 && etcd?.kind === 'member'
    ? `Without ${name} the one other machine with a controller has no majority of the store: ${until}.`
    : undefined
}
