import type { HostGoal } from '../../../src/host/contract/goal.ts'
import { hostPaths } from '../../../src/host/contract/paths.ts'
import type { Answer, HostFacts, HostReport, InstanceReport } from '../../../src/host/contract/report.ts'
import type { Listening } from '../../../src/machine/http/listen.ts'
import { serveJson } from '../../../src/machine/http/serve-json.ts'
import type { TlsMaterial } from '../../../src/machine/http/tls.ts'

/** A fabric controller that says what a test wants it to say, behind the real protocol of host/contract. */
export interface ScriptedController {
  readonly port: number
  readonly registrations: HostFacts[]
  /** Every report that came, oldest first. */
  readonly reports: HostReport[]
  readonly answers: Map<string, Answer>
  readonly downloads: string[]
  /** Newest report of each instance, while it is on the host. */
  readonly instances: Map<string, InstanceReport>
  readonly gone: Set<string>
  setGoal(goal: Omit<HostGoal, 'version' | 'asks'> & Partial<Pick<HostGoal, 'asks' | 'roads'>>): void
  /** Answers reports in which an instance leaves Ready only when this is called. */
  holdLeaving(): () => void
  close(): Promise<void>
}

const pollMs = 10

/** `packages`: file by SHA-256. A package that it does not have is another one by mistake. */
export async function scriptedController(
  tls: TlsMaterial,
  packages: ReadonlyMap<string, string>,
  port = 0,
): Promise<ScriptedController> {
  // Grows over restarts of the controller too.
  let goal: HostGoal = { version: Date.now(), instances: [], asks: [] }
  let released = Promise.resolve()
  const script = {
    registrations: [] as HostFacts[],
    reports: [] as HostReport[],
    answers: new Map<string, Answer>(),
    downloads: [] as string[],
    instances: new Map<string, InstanceReport>(),
    gone: new Set<string>(),
  }
  const allows = (peer: string) => peer === 'host:host1'
  const take = (report: HostReport): boolean => {
    script.reports.push(report)
    const leaves = report.instances.some(
      ({ key, status }) => script.instances.get(key)?.status === 'ReadyRole' && status !== 'ReadyRole',
    )
    for (const instance of report.instances) script.instances.set(instance.key, instance)
    for (const key of report.gone) {
      script.instances.delete(key)
      script.gone.add(key)
    }
    return leaves
  }
  const server: Listening = await serveJson({
    address: '127.0.0.1',
    port,
    tls,
    log: { info() {}, warn() {}, error: console.error },
    routes: [
      {
        method: 'POST',
        path: hostPaths.register,
        allows,
        handle: async ({ body }) => void script.registrations.push(body as HostFacts),
      },
      {
        method: 'GET',
        path: hostPaths.goal,
        allows,
        async handle({ query, signal }) {
          const after = Number(query.get('after'))
          const end = Date.now() + Number(query.get('wait'))
          while (goal.version <= after && Date.now() < end && !signal.aborted)
            await new Promise((resolve) => setTimeout(resolve, pollMs))
          return goal.version > after ? { json: goal } : undefined
        },
      },
      {
        method: 'POST',
        path: hostPaths.report,
        allows,
        async handle({ body }) {
          if (take(body as HostReport)) await released
          return undefined
        },
      },
      {
        method: 'POST',
        path: hostPaths.answer,
        allows,
        handle: async ({ query, body }) => void script.answers.set(query.get('id') ?? '', body as Answer),
      },
      {
        method: 'GET',
        path: hostPaths.packages,
        allows,
        async handle({ rest }) {
          script.downloads.push(rest)
          const [any] = packages.values()
          return { file: packages.get(rest) ?? (any as string) }
        },
      },
    ],
  })
  return {
    ...script,
    port: server.port,
    setGoal({ asks = [], ...said }) {
      goal = { ...said, version: goal.version + 1, asks }
    },
    holdLeaving() {
      const { promise, resolve } = Promise.withResolvers<void>()
      released = promise
      return resolve
    },
    close: () => server.close(),
  }
}
