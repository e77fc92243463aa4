import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pack } from '../../src/machine/package/pack.ts'

/** Packs a service of one worker role with a file of so many bytes that cannot be compressed; answers the package. */
export async function writeHello(directory: string, bytes: number): Promise<string> {
  const sources = join(directory, 'sources')
  mkdirSync(join(sources, 'Worker'), { recursive: true })
  writeFileSync(join(sources, 'Worker', 'server.js'), '// serves\n')
  writeFileSync(join(sources, 'Worker', 'ballast'), randomBytes(bytes))
  writeFileSync(
    join(sources, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Hello" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
      <WorkerRole name="Worker" vmsize="Small">
        <Runtime><EntryPoint><ProgramEntryPoint commandLine="node server.js" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
      </WorkerRole>
    </ServiceDefinition>`,
  )
  const out = join(directory, 'hello.cspkg')
  const packed = await pack({ definition: join(sources, 'ServiceDefinition.csdef'), roles: {}, sites: {}, out })
  if (!packed.ok) throw new Error(packed.fault.message)
  return out
}
