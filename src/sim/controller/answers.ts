import type { CommandEnvelope, CommandReply } from '../../fabric/contract/commands.ts'
import type { RotationReport, RotationTable } from '../../fabric/contract/rotation.ts'
import { command } from '../../fabric/controller/desk/command.ts'
import { goalPoll } from '../../fabric/controller/desk/goal-poll.ts'
import type { Next, Refusal, Sight } from '../../fabric/controller/desk/next.ts'
import { packageRequest } from '../../fabric/controller/desk/package-request.ts'
import { hostReport, registration, rotationReport } from '../../fabric/controller/desk/report.ts'
import { rotationPoll } from '../../fabric/controller/desk/rotation-poll.ts'
import type { HostGoal } from '../../host/contract/goal.ts'
import type { HostFacts, HostReport } from '../../host/contract/report.ts'
import type { Fact } from '../fact.ts'
import type { Random } from '../random.ts'

/** An answer to a poll; empty: nothing newer came (204). */
export interface Poll<Value> {
  readonly news?: Value
}

export interface Told {
  /** False: refused, because the host has not registered with this master. */
  readonly taken: boolean
}

/** Calls to the controller's desk, with typed messages instead of HTTP. */
export interface Answers {
  register(facts: HostFacts, answer: (told: Told) => void): void
  report(host: string, report: HostReport, answer: (told: Told) => void): void
  goal(host: string, after: number, waitMs: number, answer: (poll: Poll<HostGoal>) => void): void
  package(host: string, sha256: string, answer: (told: Told) => void): void
  rotation(balancer: string, after: number, waitMs: number, answer: (poll: Poll<RotationTable>) => void): void
  rotationReport(balancer: string, report: RotationReport, answer: (told: Told) => void): void
  command(envelope: CommandEnvelope, answer: (reply: CommandReply) => void): void
}

/** Answers with what the desk says; `ask` sends the call to the desk. */
export function answersOf({
  ask,
  random,
  packages,
  witness,
}: {
  ask<Answer>(begin: (sight: Sight) => Next<Answer>, answer: (answer: Answer) => void): void
  readonly random: Random
  readonly packages: ReadonlySet<string>
  witness(fact: Fact): void
}): Answers {
  return {
    register: (facts, answer) => ask(() => registration(facts), toldTo(answer)),
    report: (host, report, answer) =>
      ask((sight) => {
        const next = hostReport(sight, host, report)
        // An unknown host gets its answer at once.
        if (next.kind !== 'say') witness({ kind: 'hostHeard', host })
        return next
      }, toldTo(answer)),
    goal: (host, after, waitMs, answer) => ask((sight) => goalPoll(sight, host, { after, waitMs }), newsTo(answer)),
    package: (host, sha256, answer) =>
      ask(
        (sight) => packageRequest(sight, host, sha256),
        (refusal) => answer({ taken: !refusal && packages.has(sha256) }),
      ),
    rotation: (balancer, after, waitMs, answer) =>
      ask((sight) => rotationPoll(sight, balancer, { after, waitMs }), newsTo(answer)),
    rotationReport: (balancer, report, answer) =>
      ask((sight) => rotationReport(sight, balancer, report), toldTo(answer)),
    command: (envelope, answer) => ask(() => command(envelope, random.hex32()), answer),
  }
}

function toldTo(answer: (told: Told) => void): (refusal: Refusal | undefined) => void {
  return (refusal) => answer({ taken: !refusal })
}

function newsTo<Value>(answer: (poll: Poll<Value>) => void): (news: Value | undefined) => void {
  return (news) => answer(news === undefined ? {} : { news })
}
