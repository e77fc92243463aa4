/**
 * A worker role of .NET: from the start of its process to the end of OnStart, and what each of some that run has of memory: `node bench/dotnet.ts [RUNS] [ROLES]`.
 * The role is that of a new project: nothing in OnStart, a library of its own.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileAssembly } from '../src/machine/dotnet/compile-assembly.ts'
import { ownAssemblies } from '../src/machine/dotnet/own-assemblies.ts'
import { startAssembly } from '../src/machine/guest-os/role-program.ts'
import { startRuntimeServer } from '../src/machine/runtime-server/runtime-server.ts'
import { writeRoleEnvironment } from '../src/service-model/role-environment.ts'
import { median } from './statistics.ts'

const [runs, roles] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 10)]
const directory = mkdtempSync(join(tmpdir(), 'rd-'))
const at = (name: string) => join(directory, name)

for (const assembly of ownAssemblies) {
  const failure = await compileAssembly(assembly, join(import.meta.dirname, '../src/role/dotnet'), directory)
  if (failure !== undefined) throw new Error(failure)
}
const source = 'public class Worker : Microsoft.WindowsAzure.ServiceRuntime.RoleEntryPoint { }'
writeFileSync(at('Worker.cs'), source)
mkdirSync(at('approot'))
const sdk = `-r:${at('Microsoft.WindowsAzure.ServiceRuntime.dll')}`
execFileSync('mcs', ['-target:library', sdk, `-out:${at('approot/Worker.dll')}`, at('Worker.cs')])
const instance = { id: 'W_IN_0', roleName: 'W', faultDomain: 0, updateDomain: 0, settings: {}, localResources: [] }
const environment = { deploymentId: 'd', emulated: false, currentInstance: { ...instance, endpoints: [] }, roles: [] }
writeFileSync(at('environment.xml'), writeRoleEnvironment(environment))

/** Starts a role and answers once its OnStart has ended, with how long that took. */
async function started(name: string) {
  const run = at(name)
  mkdirSync(run)
  const { promise, resolve } = Promise.withResolvers<void>()
  const server = await startRuntimeServer({
    directory: run,
    names: { version: 'v', goalState: 'g', currentState: 's', own: 'r' },
    flavour: 'stream',
    goal: { incarnation: 1, expected: 'Started', roleEnvironmentPath: at('environment.xml') },
    listener: {
      connected() {},
      gone() {},
      said(client, { kind }) {
        if (kind === 'hello') server.send([client], { kind: 'onStart' })
        if (kind === 'onStartEnded') server.send([client], { kind: 'run' })
        if (kind === 'runBegan') resolve()
      },
      lease() {},
      dropped() {},
    },
  })
  const env = {
    PATH: process.env['PATH'] ?? '',
    RoleRoot: directory,
    WaRuntimeEndpoint: server.versionEndpoint,
    REDDOG_ROLE_ENVIRONMENT: at('environment.xml'),
  }
  const began = performance.now()
  const surroundings = { cwd: at('approot'), env, output: at('output') }
  const program = startAssembly(at('RoleHost.exe'), 'WaWorkerHost', at('approot/Worker.dll'), surroundings)
  if (!program.ok) throw new Error(program.fault.message)
  await promise
  return { program: program.value, tookMs: performance.now() - began }
}

const pssMB = (pid: number) =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024

try {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const { program, tookMs } = await started(`run${run}`)
    if (run === 0) console.log(`alone it has ${pssMB(program.pid).toFixed(1)} MB (PSS)`)
    await program.stop()
    times.push(tookMs)
  }
  console.log(
    `process start to OnStart done: median ${median(times).toFixed(0)} ms, worst of ${runs} ${Math.max(...times).toFixed(0)} ms (goal: 400 ms or less)`,
  )
  const all = await Promise.all(Array.from({ length: roles }, (_, number) => started(`role${number}`)))
  const total = all.reduce((sum, { program }) => sum + pssMB(program.pid), 0)
  console.log(`${roles} at once: ${(total / roles).toFixed(1)} MB (PSS) each`)
  for (const { program } of all) await program.stop()
} finally {
  rmSync(directory, { recursive: true })
}
process.exit()
