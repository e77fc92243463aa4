/**
 * What each driver of guests adds: `node bench/isolation.ts`, as root.
 * Time from nothing to the first line of a guest's first program, time to remove it, what is left of it then, memory beside its own programs;
 * then requests through the balancer into either, taken in turn. Beside them what `exec true` takes in the same run.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { timersWith } from '../src/kernel/timers.ts'
import type { GuestPlace } from '../src/machine/guest/driver.ts'
import { processesOf } from '../src/machine/guest/guest-processes.ts'
import { type IsolationKind, isolationOf } from '../src/machine/guest/isolation.ts'
import { guestNetworkOf, linkOf } from '../src/machine/guest/namespace/guest-network.ts'
import { interfaces } from '../src/machine/guest/namespace/network.ts'
import { runTool } from '../src/machine/guest/namespace/tool.ts'
import { startFabric } from './fabric.ts'
import { keptAlive } from './load.ts'
import { configuration } from './service/configuration.ts'
import { median } from './statistics.ts'

const rounds = 20
const turns = 5
const turnMs = 3_000
const fabric = 251
const wireAddress = `127.${fabric}.0.10`
const address = `10.${fabric}.10.7`
const kinds = ['process', 'namespace'] as const satisfies readonly IsolationKind[]

const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
const programs = join(directory, 'programs')
mkdirSync(programs)
chmodSync(directory, 0o755)
writeFileSync(join(programs, 'WaAppAgent'), '#!/bin/sh\ntouch c/ready\nwhile :; do sleep 1000 & wait $!; done\n', {
  mode: 0o755,
})

interface Round {
  readonly makeMs: number
  readonly removeMs: number
  readonly besideMB: number
  /** Processes, directories, links, rules and control groups. */
  readonly left: number
}

/** One guest from nothing to nothing. */
async function round(kind: IsolationKind): Promise<Round> {
  const { driver, ownNetworks } = isolationOf(kind, wireAddress, [])
  const guest: GuestPlace = {
    containerId: 'bench',
    key: 'bench.Worker_IN_0',
    root: join(directory, 'guest'),
    uid: 254_500,
    address: ownNetworks ? address : '127.0.0.1',
    size: { cores: 1, memoryMB: 768 },
    owner: { deploymentId: 'bench', role: 'Worker' },
    open: [],
  }
  const began = performance.now()
  const { run } = await driver.create(guest)
  const settings = { ...guest, address: guest.address as string, run, programs, wireServer: `http://${wireAddress}:1` }
  const first = await driver.start(guest, {
    ...settings,
    ownNetwork: ownNetworks,
    probePort: 1,
    assemblies: programs,
    firstPort: 0,
    timers: timersWith([]),
  })
  while (!existsSync(join(guest.root, 'c/ready'))) await delay(1)
  const made = performance.now()
  const besideMB = processesOf(guest)
    .filter((pid) => nameOf(pid) === 'bwrap')
    .reduce((sum, pid) => sum + pssMB(pid), 0)
  const leaving = performance.now()
  await driver.stop({ ...guest, run }, first.identity, 0)
  await driver.remove({ ...guest, run })
  const removed = performance.now()
  return { makeMs: made - began, removeMs: removed - leaving, besideMB, left: await leftOf(guest) }
}

async function leftOf(guest: GuestPlace): Promise<number> {
  const network = guestNetworkOf(wireAddress)
  const rules = (await runTool('nft', ['list', 'ruleset'])).split('\n')
  return [
    processesOf(guest),
    [guest.root, join(interfaces, linkOf(network, address))].filter(existsSync),
    rules.filter((line) => line.includes(address)),
    globSync(`/sys/fs/cgroup/{,*/}${network.name}/*/cgroup.procs`),
  ].flat().length
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    // It has ended meanwhile.
    return ''
  }
}

function pssMB(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
}

async function execTrueMs(): Promise<number> {
  const began = performance.now()
  await once(spawn('true'), 'close')
  return performance.now() - began
}

for (const kind of kinds) await isolationOf(kind, wireAddress, []).driver.open()
const all: Record<IsolationKind, Round[]> = { process: [], namespace: [] }
const plain: number[] = []
for (let turn = 0; turn < rounds; turn++) {
  plain.push(await execTrueMs())
  for (const kind of kinds) all[kind].push(await round(kind))
}
for (const kind of kinds) await isolationOf(kind, wireAddress, []).driver.close()
rmSync(directory, { recursive: true })

const one = median(plain)
console.log(`exec true: ${one.toFixed(1)} ms`)
for (const kind of kinds) {
  const middle = (value: (round: Round) => number) => median(all[kind].map(value))
  const makeMs = middle((round) => round.makeMs)
  const removed = `${middle(({ removeMs }) => removeMs).toFixed(0)} ms, ${Math.max(...all[kind].map(({ left }) => left))} things left`
  console.log(
    `${kind}: made in ${makeMs.toFixed(0)} ms, ${(makeMs / one).toFixed(0)} × exec true (goal: ≤ 30); removed in ${removed} (goal: ≤ 100 ms, none); ${middle(({ besideMB }) => besideMB).toFixed(2)} MB beside its programs (goal: ≤ 2)`,
  )
}

if (spawnSync('wrk', ['-v']).error) console.log('wrk is not installed: no requests were counted.')
else await countRequests()

async function countRequests(): Promise<void> {
  const places = await Promise.all(kinds.map(serving))
  const counts: Record<IsolationKind, number[]> = { process: [], namespace: [] }
  for (let turn = 0; turn < turns; turn++)
    for (const [index, kind] of kinds.entries()) {
      const load = keptAlive(places[index]?.address as string)
      await delay(turnMs)
      counts[kind].push((await load.stop()).requests)
    }
  for (const { end } of places) await end()
  const [process, namespace] = kinds.map((kind) => median(counts[kind]) / (turnMs / 1000)) as [number, number]
  console.log(
    `requests a second through the balancer: process ${process.toFixed(0)}, namespace ${namespace.toFixed(0)}, ratio ${(namespace / process).toFixed(2)} (goal: ≥ 0.85)`,
  )
}

/** A fabric with one instance that answers. */
async function serving(kind: IsolationKind): Promise<{ readonly address: string; readonly end: () => Promise<void> }> {
  const { dataDirectory, run, end } = await startFabric('--isolation', kind)
  const configured = join(dataDirectory, 'bench.cscfg')
  writeFileSync(configured, configuration({ Front: 1, Back: 1 }))
  const definition = join(import.meta.dirname, 'service/ServiceDefinition.csdef')
  const answer = await run('deploy', definition, configured, '--service', 'bench', '--json')
  const { addresses } = JSON.parse(answer) as { readonly addresses: readonly string[] }
  return { address: addresses[0] as string, end }
}
