/**
 * PSS of the platform's processes for each instance, ten instances running: `node bench/memory.ts`.
 * WaAppAgent, WindowsAzureGuestAgent, WaHostBootstrapper and the bwrap of a namespace count; the role itself does not.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startFabric } from './fabric.ts'
import { platformMemory } from './platform-memory.ts'
import { configuration } from './service/configuration.ts'

const instances = 10

const fabric = await startFabric('--hosts', '2', '--cores', '16')
try {
  const source = join(import.meta.dirname, 'service')
  const packed = join(fabric.dataDirectory, 'bench.cspkg')
  const configured = join(fabric.dataDirectory, 'bench.cscfg')
  writeFileSync(configured, configuration({ Front: instances / 2, Back: instances / 2 }))
  await fabric.run('pack', join(source, 'ServiceDefinition.csdef'), '--out', packed)
  await fabric.run('deploy', packed, configured, '--service', 'memory')
  let totalKb = 0
  for (const { name, processes, kb } of platformMemory(fabric.dataDirectory)) {
    totalKb += kb
    console.log(
      `${name.padEnd(16)} ${String(processes).padStart(3)} processes  ${(kb / 1024 / Math.max(1, processes)).toFixed(1)} MB each`,
    )
  }
  console.log(`PSS for each instance: ${(totalKb / 1024 / instances).toFixed(1)} MB (goal: 30 MB or less)`)
} finally {
  await fabric.end()
}
