import { refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { httpStatusOf } from '../../contract/commands.ts'
import { hasMember, machineNamed } from '../machines/find-machine.ts'
import { joinedAlready, joinRefusal } from '../machines/join-refusal.ts'
import type { Joiner } from '../machines/joiner.ts'
import type { MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import type { Next, Refusal, Sight } from './next.ts'
import { refusalOf } from './take-in.ts'

/** A moment at which every token has ended. */
const ever = Number.POSITIVE_INFINITY

/** How long etcd may take to add a member, or to make it a voter: the machine waits for it, and asks again. */
const memberLimitMs = 10_000

/** A machine that joins is answered with its record, once that is committed and, for a candidate, its learner is added. */
export function join(joiner: Joiner, now: Instant): Next<MachineRecord | Refusal> {
  const key = joiner.name.toLowerCase()
  return {
    kind: 'tell',
    message: { kind: 'join', joiner },
    goOn({ state }, fault) {
      if (fault) return { kind: 'say', answer: refusalOf(fault) }
      const machine = joinedAlready(state, joiner)
      // When nothing else hinders it, the token has ended meanwhile.
      const refusal = machine ? undefined : (joinRefusal(state, joiner, now) ?? joinRefusal(state, joiner, ever))
      if (refusal) return { kind: 'say', answer: { refused: refusal, status: httpStatusOf(refusal.code) } }
      if (!machine) throw new Error(`the machine ${joiner.name} was neither taken in nor refused`)
      if (!hasMember(state, machine)) return { kind: 'say', answer: machine }
      return untilMember(
        key,
        ({ etcd }) => etcd !== undefined,
        (standing) => standing,
      )
    },
  }
}

/** The member of a machine runs: it is answered once that is a voter. */
export function promotion({ state }: Sight, machine: string): Next<Refusal | undefined> {
  const known = machineNamed(state, machine)
  if (!known || !hasMember(state, known)) return { kind: 'say', answer: noMember(machine) }
  return {
    kind: 'tell',
    message: { kind: 'promote', machine },
    goOn: (_, fault) =>
      fault
        ? { kind: 'say', answer: refusalOf(fault) }
        : untilMember(
            machine.toLowerCase(),
            ({ etcd }) => etcd?.isVoter === true,
            () => undefined,
          ),
  }
}

/** Held until a machine's member of etcd is so far, or why it is not. */
function untilMember<Answer>(
  key: string,
  isSo: (machine: MachineRecord) => boolean,
  answer: (machine: MachineRecord) => Answer,
): Next<Answer | Refusal> {
  const soFar = ({ stored }: FabricState) => {
    const machine = stored.machine.get(key)
    return machine && isSo(machine) ? machine : undefined
  }
  return {
    kind: 'hold',
    until: (state) => soFar(state) !== undefined || state.observed.memberFaults.has(key),
    limitMs: memberLimitMs,
    goOn({ state }) {
      const machine = soFar(state)
      const fault = state.observed.memberFaults.get(key)?.fault ?? refused('ServerBusy', late).fault
      return { kind: 'say', answer: machine ? answer(machine) : refusalOf(fault) }
    },
  }
}

const late = `etcd has not changed its members within ${memberLimitMs / 1000} s. Try again later.`

function noMember(machine: string): Refusal {
  return refusalOf(refused('ConflictError', `The machine ${machine} has no member of etcd to promote.`).fault)
}
