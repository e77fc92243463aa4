import type { ProcessStart } from '../process.ts'
import type { Account } from './accounts.ts'

/** The same process under an account: with no capability but that for low ports, where it has that, and no way to any other. */
export function startedAs({ id, groups, bindsLowPorts }: Account, start: ProcessStart, native = false): ProcessStart {
  const rights = bindsLowPorts ? '-all,+net_bind_service' : '-all'
  const account = ['--reuid', String(id), '--regid', String(id), '--groups', groups.join(',')]
  const bounds = ['--bounding-set', rights, '--inh-caps', rights, '--ambient-caps', rights, '--no-new-privs']
  // The prefix makes the program's path the first word of its command line; Node can change that.
  const title = native ? [] : [`--title=${start.title}`]
  return { ...start, file: 'setpriv', args: [...account, ...bounds, '--', start.file, ...title, ...start.args] }
}
