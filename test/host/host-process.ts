import { createHash, randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostOptions } from '../../src/host/agent/options.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { pack } from '../../src/machine/package/pack.ts'
import { type RunningProcess, signalProcess, startProcess } from '../../src/machine/process.ts'
import { bundleOf } from '../bundle.ts'
import { worker, writeService } from '../package/service.ts'
import { until } from '../until.ts'
import { type ScriptedController, scriptedController } from './scripted/controller.ts'

/** A Host Agent as a real process, the scripted controller that it dials, and the program for its guests: a scripted one, or the real ones. */
export interface HostSetting {
  readonly controller: ScriptedController
  readonly directory: string
  readonly dataDirectory: string
  readonly logFile: string
  readonly packageSha256: string
  readonly programs: string
  /** Signs for the parties of the setting. */
  readonly authority: KeyAndCertificate
  /** Packs another version of the service, which hosts can download from then on; its SHA-256. */
  pack(files: Readonly<Record<string, string>>, roles?: string): Promise<string>
  start(change?: Partial<HostOptions>): Promise<RunningProcess>
  /** Ends the controller, and starts another one at the same address that knows nothing. */
  restartController(): Promise<ScriptedController>
  close(): Promise<void>
}

/** Timers short enough for a test, and longer than anything a busy machine needs for one exchange. */
const timers = ['heartbeatInterval=200ms', 'hostLostAfter=2s', 'onStopLimit=5s', 'recycleDelays=0,100ms,200ms']

/** `programs`: directory of the real programs; without it guests run the scripted one. */
export async function hostSetting({ programs }: { readonly programs?: string } = {}): Promise<HostSetting> {
  const directory = await mkdtemp(join(tmpdir(), 'reddog-host-'))
  // Guests have accounts of their own as root, and pass through here.
  await chmod(directory, 0o755)
  const authority = makeAuthority('test')
  const ca = authority.certificatePem
  const server = issueCertificate(authority, { commonName: 'controller', usage: 'server', hosts: ['127.0.0.1'] })
  const client = issueCertificate(authority, { commonName: 'host:host1', usage: 'client' })
  const tls = { ca: join(directory, 'ca.pem'), cert: join(directory, 'host.pem'), key: join(directory, 'host.key') }
  await writeFile(tls.ca, ca)
  await writeFile(tls.cert, client.certificatePem)
  await writeFile(tls.key, client.keyPem, { mode: 0o600 })

  const packages = new Map<string, string>()
  async function packService(files: Readonly<Record<string, string>>, roles = worker): Promise<string> {
    const name = `service${packages.size}`
    const definition = await writeService(join(directory, name), roles, files)
    const out = join(directory, `${name}.cspkg`)
    const packed = await pack({ definition, roles: {}, sites: {}, out })
    if (!packed.ok) throw new Error(packed.fault.message)
    const sha256 = createHash('sha256')
      .update(await readFile(out))
      .digest('hex')
    packages.set(sha256, out)
    return sha256
  }
  const packageSha256 = await packService({ 'Worker/run.sh': '#!/bin/sh\n' })

  const script = join(import.meta.dirname, 'scripted/guest.ts')
  await writeFile(join(directory, 'WaAppAgent'), `#!/bin/sh\nexec "$REDDOG_NODE" "${script}" "$1"\n`, { mode: 0o755 })

  const serverTls = { ca, cert: server.certificatePem, key: server.keyPem }
  let controller = await scriptedController(serverTls, packages)
  const running: RunningProcess[] = []
  const dataDirectory = join(directory, 'hosts/host1')
  const options: HostOptions = {
    name: 'host1',
    cores: 8,
    memoryMB: 0,
    diskMB: 0,
    faultDomain: 0,
    controllerUrl: `https://127.0.0.1:${controller.port}`,
    tls,
    dataDirectory,
    // Uids of guests follow from it, so it is another one in each run.
    wireAddress: `127.${randomInt(16, 250)}.0.${randomInt(10, 250)}`,
    isolation: 'process',
    programs: programs ?? directory,
    timers,
    readyFile: join(directory, 'ready.json'),
    logFile: join(directory, 'HostAgent.log'),
  }

  return {
    get controller() {
      return controller
    },
    directory,
    dataDirectory,
    logFile: options.logFile,
    packageSha256,
    programs: options.programs,
    authority,
    pack: packService,
    async start(change = {}) {
      const file = join(directory, 'options.json')
      await rm(options.readyFile, { force: true })
      await writeFile(file, JSON.stringify({ ...options, ...change }))
      const agent = startProcess({
        file: process.execPath,
        args: [bundleOf('HostAgent'), file],
        title: 'HostAgent',
        cwd: directory,
        env: { PATH: process.env['PATH'] ?? '' },
        output: join(directory, 'HostAgent.out'),
      })
      running.push(agent)
      return agent
    },
    async restartController() {
      const { port } = controller
      await controller.close()
      controller = await scriptedController(serverTls, packages, port)
      return controller
    },
    async close() {
      controller.setGoal({ instances: [] })
      try {
        await until(() => readdirSync(join(dataDirectory, 'records')).length === 0, 'nothing is left of the guests')
      } finally {
        for (const agent of running) signalProcess(agent.identity, 'SIGINT')
        await Promise.all(running.map(({ exited }) => exited))
      }
      await controller.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
