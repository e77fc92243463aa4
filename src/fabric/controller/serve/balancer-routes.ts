import { refused } from '../../../kernel/fault.ts'
import { fabricPaths, isLoadBalancer } from '../../contract/paths.ts'
import { readRotationReport } from '../../contract/read-rotation-report.ts'
import { rotationReport } from '../desk/report.ts'
import { rotationPoll } from '../desk/rotation-poll.ts'
import type { Route } from './route.ts'
import { answerOf, jsonOf, pollOf, type Serving } from './serving.ts'

/** The rotation table, by long poll, and the report of it, of each balancer for itself. */
export function balancerRoutes(serving: Serving): readonly Route[] {
  return [
    {
      method: 'GET',
      path: fabricPaths.rotation,
      allows: isLoadBalancer,
      handle: async ({ peer, query, signal }) =>
        jsonOf(await answerOf(serving, signal, (sight) => rotationPoll(sight, peer, pollOf(query)))),
    },
    {
      method: 'POST',
      path: fabricPaths.rotationReport,
      allows: isLoadBalancer,
      async handle({ peer, body, signal }) {
        const report = readRotationReport(body)
        if (report) return answerOf(serving, signal, (sight) => rotationReport(sight, peer, report))
        const message = 'the report of the load balancer cannot be read: it names neither the balancer nor a version'
        return { refused: refused('BadRequest', message).fault, status: 400 }
      },
    },
  ]
}
