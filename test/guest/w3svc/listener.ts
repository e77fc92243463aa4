import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createConnection, createServer as createNetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { PoolDoor } from '../../../src/guest/contract/pool-door.ts'
import { type HttpSys, openHttpSys } from '../../../src/machine/http-sys/http-sys.ts'
import { type HttpSysLimits, httpSysLimits } from '../../../src/machine/http-sys/limits.ts'
import { openErrorLog } from '../../../src/machine/http-sys/logs/error-log.ts'
import { roomIn } from '../../../src/machine/http-sys/logs/log-room.ts'
import { openWebLog } from '../../../src/machine/http-sys/logs/web-log.ts'
import type { SiteCertificate } from '../../../src/machine/http-sys/site-certificates.ts'
import {
  poolDefaults,
  type SiteBinding,
  type WebSite,
} from '../../../src/service-model/application-host/application-host.ts'

/** A listener with sockets on loopback, one site, one pool and a server of the test in the place of its w3wp. */
export interface Listener {
  readonly port: number
  readonly httpSys: HttpSys
  readonly directory: string
  readonly sites: readonly WebSite[]
  /** Lines of the web log, without those that begin with #. */
  readonly webLog: () => readonly string[]
  readonly errorLog: () => readonly string[]
  /** Whole text of the only web log. */
  readonly webLogText: () => string
  readonly setDoor: (door: { readonly kind: PoolDoor['kind']; readonly process?: number }) => void
  /** Pools for which a process was wanted. */
  readonly wanted: string[]
  readonly end: () => Promise<void>
}

export interface ListenerOptions {
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly limits?: Partial<HttpSysLimits>
  readonly isBalancer?: boolean
  readonly bindings?: readonly Partial<SiteBinding>[]
  readonly certificates?: Readonly<Record<string, SiteCertificate>>
  readonly quotaBytes?: number
  /** Of a w3wp that is there already, and the number that the site has for it. */
  readonly socketPath?: string
  readonly site?: number
}

export async function startListener(options: ListenerOptions = {}): Promise<Listener> {
  const directory = mkdtempSync(join(tmpdir(), 'w3svc-'))
  const ownPath = join(directory, 'p1')
  const { socketPath = ownPath, site = 7 } = options
  const worker = createServer(options.answer ?? ((_request, response) => void response.end('answered')))
  if (options.upgrade) worker.on('upgrade', options.upgrade)
  await new Promise<void>((resolve) => worker.listen(ownPath, resolve))
  const port = await freePort()
  const logs = {
    webLog: openWebLog('Web_IN_0', await roomIn(directory, options.quotaBytes ?? 1e9)),
    errorLog: openErrorLog(join(directory, 'HTTPERR')),
  }
  const wanted: string[] = []
  const httpSys = openHttpSys({
    limits: { ...httpSysLimits, ...options.limits },
    isBalancer: async () => options.isBalancer ?? false,
    findCertificate: (thumbprint) => options.certificates?.[thumbprint],
    ...logs,
    wanted: (pool) => void wanted.push(pool),
  })
  httpSys.addProcess(1, socketPath)
  const setDoor: Listener['setDoor'] = (door) =>
    httpSys.setDoors(new Map([['pool', { queueLength: 10, process: 1, ...door } as PoolDoor]]))
  setDoor({ kind: 'open' })
  const bindings = (options.bindings ?? [{}]).map((binding) => ({
    ...({ protocol: 'http', address: '127.0.0.1', port, hostHeader: '' } as const),
    ...binding,
  }))
  const root = { path: '/', pool: 'Pool', directories: [] }
  const applications = [{ ...root, directories: [{ path: '/', physicalPath: '/' }] }]
  const sites = [{ name: 'Web_IN_0_Web', id: site, bindings, logDirectory: directory, applications }]
  const problems = await httpSys.serve({ pools: [{ name: 'pool', ...poolDefaults }], sites })
  if (problems.length > 0) throw new Error(problems.join(' '))

  const read = (below: string, log: { readonly flush: () => void }) => {
    log.flush()
    const files = readdirSync(directory).includes(below) ? readdirSync(join(directory, below)) : []
    return files.map((file) => readFileSync(join(directory, below, file), 'latin1')).join('')
  }
  const lines = (text: string) => text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'))
  const webLogText = () => read(`W3SVC${site}`, logs.webLog)
  return {
    port,
    httpSys,
    directory,
    sites,
    wanted,
    setDoor,
    webLogText,
    webLog: () => lines(webLogText()),
    errorLog: () => lines(read('HTTPERR', logs.errorLog)),
    async end() {
      await httpSys.drain(0)
      worker.closeAllConnections()
      worker.close()
      for (const log of Object.values(logs)) log.flush()
      rmSync(directory, { recursive: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createNetServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What comes back for these bytes until the other end has ended the connection; one that was reset has said no more. */
export function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (part: string) => {
      answer += part
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.write(bytes, 'latin1')
  })
}
