/**
 * PSS of the platform's processes for each instance, ten instances running: `node bench/memory.ts`.
 * WaAppAgent, WindowsAzureGuestAgent and WaHostBootstrapper count; the role itself does not.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startFabric } from './fabric.ts'
import { configuration } from './service/configuration.ts'

const instances = 10
const platform = ['WaAppAgent', 'WindowsAzureGue', 'WaHostBootstrap']

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function pssKb(pid: string): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

const fabric = await startFabric('--hosts', '2', '--cores', '16')
try {
  const source = join(import.meta.dirname, 'service')
  const packed = join(fabric.dataDirectory, 'bench.cspkg')
  const configured = join(fabric.dataDirectory, 'bench.cscfg')
  writeFileSync(configured, configuration({ Front: instances / 2, Back: instances / 2 }))
  await fabric.run('pack', join(source, 'ServiceDefinition.csdef'), '--out', packed)
  await fabric.run('deploy', packed, configured, '--service', 'memory')
  let totalKb = 0
  for (const name of platform) {
    const pids = readdirSync('/proc').filter(
      (pid) =>
        /^\d+$/.test(pid) &&
        read(`/proc/${pid}/comm`).trim() === name &&
        read(`/proc/${pid}/environ`).includes(fabric.dataDirectory),
    )
    const kb = pids.reduce((sum, pid) => sum + pssKb(pid), 0)
    totalKb += kb
    console.log(
      `${name.padEnd(16)} ${String(pids.length).padStart(3)} processes  ${(kb / 1024 / Math.max(1, pids.length)).toFixed(1)} MB each`,
    )
  }
  console.log(`PSS for each instance: ${(totalKb / 1024 / instances).toFixed(1)} MB (goal: 30 MB or less)`)
} finally {
  await fabric.end()
}
