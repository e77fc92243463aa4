import type { Certificate, HostGoal, InstanceGoal } from '../../../host/contract/goal.ts'
import { hostPaths } from '../../../host/contract/paths.ts'
import { readHostAnswer, readHostFacts, readHostReport } from '../../../host/contract/read-report.ts'
import { refused } from '../../../kernel/fault.ts'
import { party } from '../../contract/paths.ts'
import { goalPoll } from '../desk/goal-poll.ts'
import { hostAnswer } from '../desk/log-question.ts'
import type { Next, Sight } from '../desk/next.ts'
import { packageRequest } from '../desk/package-request.ts'
import { hostReport, registration } from '../desk/report.ts'
import type { Answer, Call, Route } from './route.ts'
import { answerOf, jsonOf, pollOf, type Serving } from './serving.ts'

/** A host's questions and reports: all about itself alone, by the name in its certificate (design.md 8). */
export function hostRoutes(serving: Serving): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    answer: (host: string, call: Call) => Promise<Answer>,
  ): Route => ({
    method,
    path,
    allows: (peer) => peer.startsWith(party.hostPrefix),
    handle: (call) => answer(call.peer.slice(party.hostPrefix.length), call),
  })
  const ask = <Value>({ signal }: Call, begin: (sight: Sight) => Next<Value>) => answerOf(serving, signal, begin)
  return [
    route('POST', hostPaths.register, async (host, call) => {
      const facts = readHostFacts(call.body)
      return facts ? ask(call, () => registration({ ...facts, name: host })) : unreadable(host, 'registration')
    }),
    route('GET', hostPaths.goal, async (host, call) => {
      const goal = await ask(call, (sight) => goalPoll(sight, host, pollOf(call.query)))
      return jsonOf(goal && withKeys(goal, serving, call.certificate()))
    }),
    route('POST', hostPaths.report, async (host, call) => {
      const report = readHostReport(call.body)
      return report ? ask(call, (sight) => hostReport(sight, host, report)) : unreadable(host, 'report')
    }),
    route('POST', hostPaths.answer, async (host, call) => {
      const found = readHostAnswer(call.body)
      return found
        ? ask(call, (sight) => hostAnswer(sight, host, call.query.get('id') ?? '', found))
        : unreadable(host, 'answer')
    }),
    route('GET', hostPaths.packages, async (host, call) => {
      const refusal = await ask(call, (sight) => packageRequest(sight, host, call.rest))
      return refusal ?? { file: serving.packages.pathOf(call.rest) }
    }),
  ]
}

/** The goal with the private keys of certificates and the machine keys of web roles sealed to its host, by its certificate (design.md 8, I-14). */
function withKeys({ instances, ...goal }: HostGoal, { sealedTo, machineKeyTo }: Serving, host: string): HostGoal {
  const toHost = ({ key, ...certificate }: Certificate) => ({
    ...certificate,
    ...(key && { key: sealedTo(host, key) }),
  })
  const machineKeyOf = ({ guest }: InstanceGoal) =>
    guest.roleKind === 'WebRole' && { machineKey: machineKeyTo(host, guest.deploymentId, guest.role) }
  return {
    ...goal,
    instances: instances.map((instance) => ({
      ...instance,
      certificates: instance.certificates.map(toHost),
      ...machineKeyOf(instance),
    })),
  }
}

function unreadable(host: string, what: string): Answer {
  const message = `the ${what} of the host ${host} cannot be read: a field is missing, or is none of its kind`
  return { refused: refused('BadRequest', message).fault, status: 400 }
}
