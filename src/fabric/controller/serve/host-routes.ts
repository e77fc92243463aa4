import { hostPaths } from '../../../host/contract/paths.ts'
import { readHostFacts, readHostReport } from '../../../host/contract/read-report.ts'
import type { Answer as Found, HostReport } from '../../../host/contract/report.ts'
import { refused } from '../../../kernel/fault.ts'
import { party } from '../../contract/paths.ts'
import { goalAndDefects, goalVersionOf } from '../deployment/goals.ts'
import { isAcknowledged } from '../rotation/rotation.ts'
import { isNews } from '../seen/goal-given.ts'
import { isKnownHost } from '../seen/known-host.ts'
import { instancesOn, versionOf } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import { toPrepare } from '../update/prepare.ts'
import type { LogDesk } from './log-desk.ts'
import { type Answer, type Call, defectAnswer, type Route } from './route.ts'
import { hear, pollOf, type Serving } from './serving.ts'

/** What a host may ask and tell: all of it about itself alone, by the name in its certificate (design.md 8). */
export function hostRoutes(serving: Serving, logs: LogDesk): readonly Route[] {
  const { driver, watch, packages, given } = serving
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
  return [
    route('POST', hostPaths.register, async (host, { body }) => {
      const facts = readHostFacts(body)
      if (!facts) return unreadable(host, 'registration')
      return defectAnswer(await driver.deliver({ kind: 'register', facts: { ...facts, name: host } }))
    }),
    route('GET', hostPaths.goal, async (host, { query, signal }) => {
      const { after, waitMs } = pollOf(query)
      await hear(serving, host, after)
      const newer = await watch.until((state) => goalVersionOf(state, host) > after, waitMs, signal)
      if (!newer) return undefined
      const { goal, threw } = goalAndDefects(driver.state(), host)
      if (isNews(driver.state(), { host, threw })) void driver.deliver({ kind: 'goalGiven', host, threw })
      given.gave(host, goal.version)
      return { json: goal }
    }),
    route('POST', hostPaths.report, async (host, { body, signal }) => {
      const told = readHostReport(body)
      return told ? report(serving, host, told, signal) : unreadable(host, 'report')
    }),
    route('POST', hostPaths.answer, async (host, { query, body }) => {
      const id = query.get('id') ?? ''
      const isAsked = driver
        .state()
        .observed.asks.get(host)
        ?.some((ask) => ask.id === id)
      if (!isAsked) return undefined
      logs.answered(id, body as Found)
      await driver.deliver({ kind: 'askEnded', host, id })
      return undefined
    }),
    route('GET', hostPaths.packages, (host, { rest }) =>
      Promise.resolve(
        isPlacedOn(driver.state(), host, rest)
          ? { file: packages.pathOf(rest) }
          : {
              refused: refused('ForbiddenError', `no role instance on host ${host} has the package ${rest}`).fault,
              status: 403,
            },
      ),
    ),
  ]
}

function unreadable(host: string, what: string): Answer {
  const message = `the ${what} of the host ${host} cannot be read: a field is missing, or is none of its kind`
  return { refused: refused('BadRequest', message).fault, status: 400 }
}

/** A report in which an instance leaves Ready is answered when it is out of rotation, or after rotationOutLimit (L-1, H-27). */
async function report(
  { driver, watch }: Serving,
  host: string,
  told: HostReport,
  signal: AbortSignal,
): Promise<Answer> {
  if (!isKnownHost(driver.state(), host, told.agentRun))
    return {
      refused: refused('ConflictError', `the host ${host} has not registered with this controller: register first`)
        .fault,
      status: 409,
    }
  const before = driver.state().observed.rotation.version
  const threw = await driver.deliver({ kind: 'report', host, report: told })
  if (threw !== undefined) return defectAnswer(threw)
  const { observed, facts } = driver.state()
  const { version } = observed.rotation
  const someLeave = told.instances.some(({ status }) => status !== 'ReadyRole')
  if (version > before && someLeave)
    await watch.until((state) => isAcknowledged(state, version), facts.timers.rotationOutLimit, signal)
  return undefined
}

/** Whether an instance on the host runs the package, or is to prepare it. */
function isPlacedOn(state: FabricState, host: string, sha256: string): boolean {
  return instancesOn(state, host).some((instance) => {
    const owner = state.stored.deployment.get(instance.deployment)
    if (!owner) return false
    const runs = versionOf(state, owner, instance.version, instance.role).package.sha256
    return runs === sha256 || toPrepare(owner, instance) === sha256
  })
}
