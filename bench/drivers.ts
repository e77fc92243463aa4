/**
 * Starting, upgrading and memory of ten instances, guests in namespaces against guests kept apart by process, in turn in one run:
 * `node bench/drivers.ts`. No load, no settle time, five domains. Goal: namespaces take at most 1.15 of what the other takes.
 */
import assert from 'node:assert/strict'
import type { IsolationKind } from '../src/machine/guest/isolation.ts'
import { startFabric } from './fabric.ts'
import { platformMemory } from './platform-memory.ts'
import { median } from './statistics.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const rounds = 3
const upgrades = 2
const instances = 10
const kinds = ['process', 'namespace'] as const satisfies readonly IsolationKind[]

interface Round {
  readonly startMs: number
  readonly upgradeMs: number
  readonly memoryMB: number
}

async function round(kind: IsolationKind): Promise<Round> {
  const fabric = await startFabric('--hosts', '2', '--cores', '16', '--timer', 'settleTime=0s', '--isolation', kind)
  try {
    const [first, next] = ['1', '2'].map((name) => makeVersion(fabric.dataDirectory, name, { instances }).directory)
    const timed = async (verb: string, version = '') => {
      const { ms, exitCode, notes } = await fabric.timed(verb, version, '--service', 'drivers')
      assert.equal(exitCode, 0, notes)
      return ms
    }
    const startMs = await timed('deploy', first)
    const kb = platformMemory(fabric.dataDirectory).reduce((sum, { kb: one }) => sum + one, 0)
    const times: number[] = []
    for (let turn = 0; turn < upgrades; turn++) times.push(await timed('upgrade', turn % 2 === 0 ? next : first))
    return { startMs, upgradeMs: median(times), memoryMB: kb / 1024 / instances }
  } finally {
    await fabric.end()
  }
}

const all: Record<IsolationKind, Round[]> = { process: [], namespace: [] }
for (let turn = 0; turn < rounds; turn++) for (const kind of kinds) all[kind].push(await round(kind))
for (const [what, value] of [
  ['accepted to Ready, ms', ({ startMs }: Round) => startMs],
  ['an upgrade, ms', ({ upgradeMs }: Round) => upgradeMs],
  ['memory of the platform for each instance, MB', ({ memoryMB }: Round) => memoryMB],
] as const) {
  const [process, namespace] = kinds.map((kind) => median(all[kind].map(value))) as [number, number]
  console.log(
    `${what}: process ${process.toFixed(1)}, namespace ${namespace.toFixed(1)}, ratio ${(namespace / process).toFixed(2)} (goal: ≤ 1.15)`,
  )
}
