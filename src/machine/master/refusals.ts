import type { NotMaster } from '../../fabric/contract/machines.ts'
import { refused } from '../../kernel/fault.ts'
import type { JsonAnswer } from '../http/serve-json.ts'
import type { Master } from '../store/etcd/election.ts'

/** Answer 421 of a controller that is no master. */
export function notMaster(master: Master | undefined): JsonAnswer {
  const found = master
    ? `The master is that of the machine ${master.machine}, at ${master.url}.`
    : 'A master is being elected.'
  const fault: NotMaster = {
    code: 'NotMaster',
    message: `This fabric controller is no master. ${found} Ask there.`,
    master: master?.url,
  }
  return { refused: fault, status: 421 }
}

/** Answer 421 of a controller that is no master to who is in no list that it was given: it may be old. */
export function unknownHere(): JsonAnswer {
  const message = 'This fabric controller is no master, and does not know the certificate of who asks. The master does.'
  return { refused: { code: 'NotMaster', message }, status: 421 }
}

/** Answer 503 while nothing can be stored, or nobody knows who is master. `done`: what became of what was asked. */
export function withoutQuorum(done: string): JsonAnswer {
  const message = `The fabric has no quorum: most members of etcd do not answer, or cannot be reached from here. ${done}`
  return { refused: refused('ServerBusy', message).fault, status: 503 }
}
