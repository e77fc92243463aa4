import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { failed } from '../history/operations.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { findHost } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { overtaken } from '../update/operations.ts'
import { subjectsOfHost } from './subjects-of-host.ts'

/** The host is given back: its instances start again there, and others may come. A drain that has not ended is cancelled. */
export function endDrain(
  state: FabricState,
  { host: name }: CommandOf<'endDrain'>,
  { requestId, now }: Request,
): Result<Accepted> {
  const found = findHost(state, name)
  if (!found.ok) return found
  const { drain, ...host } = found.value
  if (!drain) return refused('ConflictError', `The host ${host.name} cannot be given back: it is not being serviced.`)
  const operation = state.stored.operation.get(drain.operation)
  const isOpen = operation?.status === 'InProgress'
  return fine({
    changes: [
      put('host', host.name, host),
      ...(isOpen ? [put('operation', operation.id, failed(operation, overtaken(requestId, 'host'), now))] : []),
    ],
    touched: [...subjectsOfHost(state, host.name), ...awaitingRoom(state)],
    ended: true,
    makesRoom: true,
  })
}
