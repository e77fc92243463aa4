import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FrontEndOptions } from '../../src/front-end/options.ts'
import { issueCertificate, makeAuthority, selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { type Script, serveScript, subscriptionView } from './scripted-controller.ts'

export const subscriptionId = '00000000-0000-0000-0000-0000000000aa'

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
  /** Undefined: without one. */
  readonly certificate?: KeyAndCertificate | undefined
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Ends {
  after(end: () => unknown): void
}

/** The real front end as its own process, in front of a controller that follows a script. */
export async function startFrontEnd(t: Ends, script: Script) {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-front-end-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const authority = makeAuthority('fabric')
  const hosts = ['127.0.0.1', 'localhost']
  const controllerPair = issueCertificate(authority, { commonName: 'controller', usage: 'server', hosts })
  const ownPair = issueCertificate(authority, { commonName: 'front-end', usage: 'both', hosts })
  const management = selfSignedCertificate('management')
  const certificate = parseCertificate(management.certificatePem)
  if (!certificate) throw new Error('the certificate that was just made cannot be read')
  script.views.subscriptions ??= () => [subscriptionView(subscriptionId, certificate)]

  const tls = { ca: authority.certificatePem, cert: controllerPair.certificatePem, key: controllerPair.keyPem }
  let controller = await serveScript(script, tls)
  const controllerPort = controller.port
  t.after(() => controller.close())

  const file = (name: string, content: string) => {
    writeFileSync(join(directory, name), content, { mode: 0o600 })
    return join(directory, name)
  }
  const options: FrontEndOptions = {
    address: '127.0.0.1',
    port: 0,
    tls: {
      ca: file('ca.pem', authority.certificatePem),
      cert: file('own.pem', ownPair.certificatePem),
      key: file('own.key', ownPair.keyPem),
    },
    controllerUrl: `https://127.0.0.1:${controllerPort}`,
    storageAccountFile: file(
      'account.json',
      JSON.stringify({ name: 'packages', key: 'a2V5', blobEndpoint: 'http://127.0.0.1:10000/packages' }),
    ),
    auditFile: join(directory, 'audit.jsonl'),
    logFile: join(directory, 'RDFE.log'),
    readyFile: join(directory, 'ready.json'),
  }
  const program = fileURLToPath(new URL('../../src/front-end/main.ts', import.meta.url))
  const child = spawn(process.execPath, [program, file('options.json', JSON.stringify(options))], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = once(child, 'exit')
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const { port } = (await readyFacts(options.readyFile, child)) as { port: number }
  const agents = new Map<KeyAndCertificate | undefined, Agent>()
  t.after(() => agents.forEach((agent) => agent.destroy()))

  function agentFor(pair: KeyAndCertificate | undefined): Agent {
    const known = agents.get(pair)
    if (known) return known
    const shown = pair ? { cert: pair.certificatePem, key: pair.keyPem } : {}
    const agent = new Agent({ ca: authority.certificatePem, keepAlive: true, ...shown })
    agents.set(pair, agent)
    return agent
  }

  return {
    port,
    directory,
    url: `https://127.0.0.1:${port}`,
    authority,
    management,
    thumbprint: certificate.thumbprint,
    pid: child.pid as number,
    ended,
    options,
    /** Sends a request as written; the path begins after the subscription. Version 2014-10-01 and the management certificate unless said otherwise. */
    async ask(method: string, path: string, asked: Asked = {}): Promise<Answered> {
      const pair = 'certificate' in asked ? asked.certificate : management
      const sent = request({
        host: '127.0.0.1',
        port,
        method,
        path: path.startsWith('//') ? path.slice(1) : `/${subscriptionId}${path}`,
        agent: agentFor(pair),
        headers: { 'x-ms-version': '2014-10-01', ...asked.headers },
      })
      sent.end(asked.body)
      const [response] = await once(sent, 'response')
      let body = ''
      for await (const chunk of response) body += chunk
      return { status: response.statusCode, headers: response.headers, body }
    },
    auditLines: () =>
      readFileSync(options.auditFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string>),
    newCertificate(name: string) {
      const pair = selfSignedCertificate(name)
      const made = parseCertificate(pair.certificatePem)
      return { pair, thumbprint: made?.thumbprint ?? '', data: made?.der.toString('base64') ?? '' }
    },
    stopController: () => controller.close(),
    async startController() {
      controller = await serveScript(script, tls, controllerPort)
    },
  }
}

/** Longest wait for a process of the platform to serve, on a machine that is busy. */
const readyLimitMs = 30_000

async function readyFacts(readyFile: string, child: { exitCode: number | null }): Promise<unknown> {
  for (const deadline = Date.now() + readyLimitMs; Date.now() < deadline; await delay(20)) {
    if (existsSync(readyFile)) return JSON.parse(readFileSync(readyFile, 'utf8'))
    if (child.exitCode !== null) throw new Error(`the front end ended with exit code ${child.exitCode}`)
  }
  throw new Error(`the front end does not serve after ${readyLimitMs} ms`)
}
