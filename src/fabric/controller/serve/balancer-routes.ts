import { refused } from '../../../kernel/fault.ts'
import { fabricPaths, party } from '../../contract/paths.ts'
import { readRotationReport } from '../../contract/read-rotation-report.ts'
import { rotationReport } from '../desk/report.ts'
import { rotationPoll } from '../desk/rotation-poll.ts'
import type { Route } from './route.ts'
import { answerOf, jsonOf, pollOf, type Serving } from './serving.ts'

/** The rotation table, by long poll, and the balancer's report of it. */
export function balancerRoutes(serving: Serving): readonly Route[] {
  const allows = (peer: string) => peer === party.loadBalancer
  return [
    {
      method: 'GET',
      path: fabricPaths.rotation,
      allows,
      handle: async ({ query, signal }) =>
        jsonOf(await answerOf(serving, signal, (sight) => rotationPoll(sight, pollOf(query)))),
    },
    {
      method: 'POST',
      path: fabricPaths.rotationReport,
      allows,
      async handle({ body, signal }) {
        const report = readRotationReport(body)
        if (report) return answerOf(serving, signal, (sight) => rotationReport(sight, report))
        const message = 'the report of the load balancer cannot be read: it names neither the balancer nor a version'
        return { refused: refused('BadRequest', message).fault, status: 400 }
      },
    },
  ]
}
