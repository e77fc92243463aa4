import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { findHost } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import { subjectsOfHost } from './subjects-of-host.ts'

/** H-21: what runs on the host is to stop, domain by domain; one host at a time. */
export function drainHost(
  state: FabricState,
  { host: name }: CommandOf<'drainHost'>,
  { requestId }: Request,
): Result<Accepted> {
  const found = findHost(state, name)
  if (!found.ok) return found
  const host = found.value
  const { serviced } = state.derived
  if (host.drain) return refused('ConflictError', alreadyText(host, host.drain.drainedAt !== undefined))
  if (serviced !== undefined)
    return refused(
      'ConflictError',
      `The host ${host.name} cannot be drained now: hosts are serviced one at a time, and ${serviced} is being serviced. Give ${serviced} back first.`,
    )
  return fine({
    changes: [put('host', host.name, { ...host, drain: { operation: requestId } })],
    touched: subjectsOfHost(state, host.name),
    ended: false,
  })
}

function alreadyText({ name }: HostRecord, isDrained: boolean): string {
  return isDrained
    ? `The host ${name} is drained already: nothing runs on it. Service it, and then give it back.`
    : `The host ${name} is being drained already. List the hosts to see what it waits for.`
}
