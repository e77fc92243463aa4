/** Hosts and a balancer that do at once what they are told; a test says only where they do not. */
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import type { InstanceGoal } from '../../src/host/contract/goal.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { type Fabric, timers } from './fabric.ts'

/** What an instance says instead of being well; `silent`: nothing at all. */
export type Trouble = (goal: InstanceGoal) => Partial<InstanceReport> | 'silent' | undefined

/** One round: what leaves has drained, what is to be prepared is, what is to run is Ready, what is to go has gone. */
export function obey(fabric: Fabric, trouble: Trouble = () => undefined): void {
  fabric.acknowledge([...fabric.state.observed.leaving.keys()])
  for (const host of fabric.state.stored.host.keys()) {
    if (fabric.state.observed.lost.has(host)) continue
    const { instances } = goalOf(fabric.state, host)
    const staying = instances.filter(({ deleting }) => !deleting)
    fabric.tell({
      kind: 'report',
      host,
      report: {
        agentRun: 'r',
        number: 0,
        goalVersion: 0,
        complete: true,
        instances: staying.flatMap((goal) => reportOf(goal, fabric.now, trouble(goal))),
        gone: instances.filter(({ deleting }) => deleting).map(({ key }) => key),
      },
    })
  }
  fabric.acknowledge([...fabric.state.observed.leaving.keys()])
}

/** Rounds, a settle time apart, until no update is active any more; how many it took. */
export function walkThrough(fabric: Fabric, trouble?: Trouble, most = 100): number {
  for (let round = 0; round < most; round++) {
    if (!fabric.deployment().update) return round
    obey(fabric, trouble)
    fabric.pass(timers.settleTime)
  }
  throw new Error(`the update has not ended: ${fabric.view().upgrade?.waitsFor}`)
}

function reportOf(
  { key, revision, machine, prepare }: InstanceGoal,
  now: number,
  change: ReturnType<Trouble>,
): readonly InstanceReport[] {
  if (change === 'silent') return []
  const runs = machine === 'Started'
  return [
    {
      key,
      revision,
      status: runs ? 'ReadyRole' : 'StoppedVM',
      details: '',
      powerState: runs ? 'Started' : 'Stopped',
      since: now,
      failures: 0,
      prepared: prepare?.packageSha256,
      ...change,
    },
  ]
}
