/**
 * An in-place upgrade of ten instances beside `pm2 reload` of ten on the same application under the same load, in one run:
 *
 *   node bench/upgrade-beside-pm2.ts [rounds, 3]
 *
 * The settle time is 0, as pm2 has none. Load: wrk on kept-alive connections, and clients that open one for each request, at
 * one http endpoint. pm2 (cluster mode) is fetched by npm into a directory that goes away: it is under the AGPL, and nothing
 * of Reddog needs it. Needs Debian's wrk.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startFabric } from './fabric.ts'
import { addressesOf, answer, eachAnew, keptAlive, type Loaded, sum } from './load.ts'
import { median } from './statistics.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const instances = 10
const port = 19_401
const pm2Version = '7.0.4'
const rounds = Number(process.argv[2] ?? 3)

interface Measured {
  readonly times: readonly number[]
  readonly kept: Loaded
  readonly anew: Loaded
}

/** `upgrade` resolves with its time in milliseconds. */
async function measure(address: string, upgrade: (round: number) => Promise<number>): Promise<Measured> {
  const kept = keptAlive(address)
  const anew = eachAnew([address])
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await upgrade(round))
  return { times, kept: await kept.stop(), anew: await anew.stop() }
}

async function reddog(): Promise<Measured> {
  const fabric = await startFabric('--hosts', '2', '--cores', '16', '--timer', 'settleTime=0')
  try {
    const versions = ['1', '2'].map((name) => makeVersion(fabric.dataDirectory, name, { instances }).directory)
    const deployed = await fabric.run('deploy', versions[0] as string, '--service', 'beside', '--json')
    return await measure(addressesOf(deployed)[0] as string, async (round) => {
      const next = versions[(round + 1) % versions.length] as string
      const { ms, exitCode, notes } = await fabric.timed('upgrade', next, '--service', 'beside')
      if (exitCode !== 0) throw new Error(notes)
      return ms
    })
  } finally {
    await fabric.end()
  }
}

async function pm2(): Promise<Measured> {
  const home = mkdtempSync(join(tmpdir(), 'pm2-'))
  const run = promisify(execFile)
  await run('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', `pm2@${pm2Version}`])
  const control = (...words: readonly string[]) =>
    run(process.execPath, [join(home, 'node_modules/pm2/bin/pm2'), ...words], {
      env: { ...process.env, PM2_HOME: join(home, 'home') },
    })
  try {
    const { directory } = makeVersion(home, '1', { instances })
    const ecosystem = join(home, 'ecosystem.config.cjs')
    const app = {
      name: 'beside',
      script: join(directory, 'Web/standalone.mjs'),
      instances,
      exec_mode: 'cluster',
      wait_ready: true,
      // Twice what the application needs at most for its last answers.
      kill_timeout: 4_000,
      env: { PORT: String(port) },
    }
    writeFileSync(ecosystem, `module.exports = { apps: [${JSON.stringify(app)}] }`)
    await control('start', ecosystem)
    const address = `http://127.0.0.1:${port}/`
    await answer(address)
    return await measure(address, async () => {
      const began = performance.now()
      await control('reload', 'beside')
      return performance.now() - began
    })
  } finally {
    await control('kill')
    rmSync(home, { recursive: true, force: true })
  }
}

function line(name: string, { times, kept, anew }: Measured): string {
  const all = sum([kept, anew])
  const cells = [
    `${(median(times) / 1_000).toFixed(1)} s`.padStart(9),
    `${kept.failed} of ${kept.requests}`.padStart(18),
    `${anew.failed} of ${anew.requests}`.padStart(16),
  ]
  return `${name.padEnd(16)}${cells.join('')}${all.faults.length > 0 ? `   ${all.faults[0]}` : ''}`
}

const measured = { reddog: await reddog(), pm2: await pm2() }
console.log(`\nten instances, ${rounds} upgrades each, under load`)
console.log(`${''.padEnd(16)}${'median'.padStart(9)}${'failed kept-alive'.padStart(18)}${'failed new'.padStart(16)}`)
console.log(line('reddog upgrade', measured.reddog))
console.log(line('pm2 reload', measured.pm2))
