/**
 * A fabric of 10,000 instances is saved, brought back into a new directory and started: `node bench/restore.ts`. Its instances are on paper
 * (paper-hosts.ts); store, files and processes are real.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchFabric, startFabric, startFabricIn } from './fabric.ts'
import { startPaperHosts } from './paper-hosts.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const services = 20
const instancesOfService = 500
const hostCount = 48
const coresOfHost = 256
const options = ['--hosts', '1', '--cores', '1', '--core-quota', '20000', '--timer', 'settleTime=0'] as const

const reddog = join(import.meta.dirname, '..', 'bin', 'reddog')
const scratch = mkdtempSync(join(tmpdir(), 'reddog-restore-'))
const file = join(scratch, 'fabric.backup')
const passphrase = join(scratch, 'passphrase')
writeFileSync(passphrase, 'a long enough passphrase\n')

try {
  const before = await startFabric(...options)
  const hosts = await startPaperHosts(before.dataDirectory, hostCount, coresOfHost)
  try {
    const { directory } = makeVersion(before.dataDirectory, '1', { instances: instancesOfService })
    for (let service = 0; service < services; service++)
      await before.run('deploy', directory, '--service', `many${service}`)
    const taken = timed(() => backup('backup', before.dataDirectory))
    console.log(
      `backup of ${await instancesOf(before)} instances while they run: ${seconds(taken)}, ${Math.round(statSync(file).size / 1024)} KB`,
    )
  } finally {
    await hosts.end()
    await before.end()
  }
  const data = join(scratch, 'restored')
  mkdirSync(data)
  const restored = timed(() => backup('restore', data))
  const began = performance.now()
  const after = await startFabricIn(data, ...options)
  try {
    const found = await instancesOf(after)
    console.log(
      `restore: ${seconds(restored)}; until the fabric answers with ${found} instances: ${seconds(performance.now() - began)} more (goal 60 s in all)`,
    )
  } finally {
    await after.end()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function backup(verb: 'backup' | 'restore', data: string): void {
  execFileSync(reddog, [verb, file, '--data', data, '--passphrase-file', passphrase], { stdio: 'ignore' })
}

async function instancesOf(fabric: BenchFabric): Promise<number> {
  const hosts = JSON.parse(await fabric.run('host', 'list', '--json')) as readonly { readonly instances: string[] }[]
  return hosts.reduce((sum, { instances }) => sum + instances.length, 0)
}

function timed(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
