/**
 * In-place upgrades of ten instances over five domains under load, automatic and by hand; then a version that cannot start,
 * which must hold in domain 0 while the rest serves, and its rollback:
 *
 *   node bench/upgrade.ts [settle time, 1s] [least number of requests of each part and kind, 200000]
 *
 * Each part is repeated until that many requests were made on kept-alive connections and that many on new ones, while
 * instances were on the move. Load: wrk on kept-alive
 * connections of an http and of a tcp endpoint, and clients that open a connection for each request on both. The first line
 * is without load, for what the platform itself needs: beside it stands the application's own stop and start, two at once
 * as in a domain. Everything shares the machine. Needs Debian's wrk.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseDuration } from '../src/kernel/timers.ts'
import { type BenchFabric, startFabric } from './fabric.ts'
import { addressesOf, answer, eachAnew, keptAlive, type Loaded, sum } from './load.ts'
import { median } from './statistics.ts'
import { makeVersion, type Version } from './upgrade-service/versions.ts'

const instances = 10
const domains = 5
const service = 'upgrade'
const [settleTime = '1s', least = '200000'] = process.argv.slice(2)

/** One line of the table: what was done, how long each time took, and what became of the requests meanwhile. */
interface Part {
  readonly name: string
  readonly times: readonly number[]
  readonly kept: Loaded
  readonly anew: Loaded
}

/** Does it under load until enough requests were made; `doing` resolves with the time that is to be shown. */
async function underLoad(name: string, addresses: readonly string[], doing: () => Promise<number>): Promise<Part> {
  let part: Part = { name, times: [], kept: sum([]), anew: sum([]) }
  while (Math.min(part.kept.requests, part.anew.requests) < Number(least)) {
    const kept = addresses.map(keptAlive)
    const anew = eachAnew(addresses)
    const ms = await doing()
    part = {
      name,
      times: [...part.times, ms],
      kept: sum([part.kept, ...(await Promise.all(kept.map((load) => load.stop())))]),
      anew: sum([part.anew, await anew.stop()]),
    }
    console.error(
      `${name}, ${part.times.length}: ${ofAll(part.kept).trim()} kept-alive, ${ofAll(part.anew).trim()} new`,
    )
  }
  return part
}

/** One stop and start of the application, two at once, without a platform. */
async function applicationMs({ directory }: Version): Promise<number> {
  const program = join(directory, 'Web/standalone.mjs')
  const startAndStop = async (port: number) => {
    const began = performance.now()
    const child = spawn(process.execPath, [program], {
      env: { PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    child.kill('SIGTERM')
    await once(child, 'exit')
    return performance.now() - began
  }
  return Math.max(...(await Promise.all([19_411, 19_412].map(startAndStop))))
}

async function automatic(fabric: BenchFabric, { directory }: Version): Promise<number> {
  const { ms, exitCode, notes } = await fabric.timed('upgrade', directory, '--service', service)
  assert.equal(exitCode, 0, notes)
  return ms
}

async function byHand(fabric: BenchFabric, { directory }: Version): Promise<number> {
  await fabric.run('upgrade', directory, '--service', service, '--mode', 'manual')
  let ms = 0
  for (let domain = 0; domain < domains; domain++) {
    const walked = await fabric.timed('walk', String(domain), '--service', service)
    assert.equal(walked.exitCode, 0, walked.notes)
    ms += walked.ms
  }
  return ms
}

/** Time of the rollback alone: how long a bad version is tried is the operator's choice. */
async function badAndBack(fabric: BenchFabric, { directory }: Version, addresses: readonly string[]): Promise<number> {
  const { exitCode, notes } = await fabric.timed('upgrade', directory, '--service', service)
  assert.equal(exitCode, 1, 'a version that cannot start must not pass')
  assert.match(notes, /It stays in domain 0/)
  const back = await fabric.timed('rollback', '--service', service)
  assert.equal(back.exitCode, 0, back.notes)
  assert.doesNotMatch(await answer(addresses[0] as string), /version bad/)
  return back.ms
}

async function main(): Promise<void> {
  // A bad version is given up after seconds instead of minutes.
  const timers = [`settleTime=${settleTime}`, 'recycleDelays=0,500ms,1s']
  const fabric = await startFabric('--hosts', '2', '--cores', '16', ...timers.flatMap((timer) => ['--timer', timer]))
  try {
    const make = (name: string, isBroken = false) => makeVersion(fabric.dataDirectory, name, { instances, isBroken })
    const versions = [make('1'), make('2')]
    const bad = make('bad', true)
    const deployed = await fabric.run('deploy', (versions[0] as Version).directory, '--service', service, '--json')
    const addresses = addressesOf(deployed)
    let turn = 0
    const next = () => versions[++turn % versions.length] as Version
    const alone = await applicationMs(versions[0] as Version)
    const parts = [
      { name: 'automatic, no load', times: [await automatic(fabric, next())], kept: sum([]), anew: sum([]) },
      await underLoad('automatic', addresses, () => automatic(fabric, next())),
      await underLoad('by hand', addresses, () => byHand(fabric, next())),
      await underLoad('bad version, back', addresses, () => badAndBack(fabric, bad, addresses)),
    ]
    show(parts, alone)
    if (parts.some(({ kept, anew }) => kept.failed + anew.failed > 0)) process.exitCode = 1
  } finally {
    await fabric.end()
  }
}

function show(parts: readonly Part[], applicationAloneMs: number): void {
  const settleMs = parseDuration(settleTime) ?? 0
  console.log(`\nten instances, five domains, settle time ${settleTime}; failed of all requests`)
  console.log(`the application alone stops and starts in ${Math.round(applicationAloneMs)} ms`)
  console.log(
    `${''.padEnd(20)}${'time'.padStart(10)}${'a domain beyond settling'.padStart(27)}${'kept-alive'.padStart(20)}${'new'.padStart(20)}`,
  )
  for (const { name, times, kept, anew } of parts) {
    const ms = median(times)
    const beyond = name === 'bad version, back' ? '' : `${Math.round(ms / domains - settleMs)} ms`
    const cells = [`${(ms / 1_000).toFixed(1)} s`.padStart(10), beyond.padStart(27), ofAll(kept), ofAll(anew)]
    console.log(name.padEnd(20) + cells.join(''))
    for (const fault of [...kept.faults, ...anew.faults]) console.log(`    ${fault}`)
  }
}

function ofAll({ requests, failed }: Loaded): string {
  return `${failed} of ${requests}`.padStart(20)
}

await main()
