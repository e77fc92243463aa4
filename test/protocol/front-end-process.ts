import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FrontEndOptions } from '../../src/front-end/options.ts'
import type { StorageAccount } from '../../src/machine/blob/storage-account.ts'
import { issueCertificate, makeAuthority, selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { newFabricKey } from '../../src/machine/certificates/sealer.ts'
import { readTls, type TlsFiles } from '../../src/machine/http/tls.ts'
import { type Ends, runPlatformProcess } from './platform-process.ts'
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

/** What a controller needs to be started beside the front end. */
export interface Surroundings {
  readonly directory: string
  readonly controllerTls: TlsFiles
  readonly storageAccountFile: string
  readonly fabricKeyFile: string
  /** The management certificate of the one subscription. */
  readonly certificate: { readonly thumbprint: string; readonly der: Buffer }
}

/** The real front end as its own process, in front of a controller that follows a script. */
export async function startFrontEnd(t: Ends, script: Script) {
  let controller = { port: 0, close: async () => {} }
  let listen = async (_port: number) => controller
  const house = await startFrontEndWith(t, async ({ controllerTls, certificate }) => {
    script.views.subscriptions ??= () => [subscriptionView(subscriptionId, certificate)]
    listen = (port) => serveScript(script, readTls(controllerTls), port)
    controller = await listen(0)
    t.after(() => controller.close())
    return controller.port
  })
  const { port } = controller
  return {
    ...house,
    stopController: () => controller.close(),
    async startController() {
      controller = await listen(port)
    },
  }
}

/** The real front end as its own process. `startController` gives the port of its controller. */
export async function startFrontEndWith(
  t: Ends,
  startController: (around: Surroundings) => Promise<number>,
  account: StorageAccount = { name: 'packages', key: 'a2V5', blobEndpoint: 'http://127.0.0.1:9/packages' },
) {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-front-end-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const file = (name: string, content: string) => {
    writeFileSync(join(directory, name), content, { mode: 0o600 })
    return join(directory, name)
  }
  const authority = makeAuthority('fabric')
  const hosts = ['127.0.0.1', 'localhost']
  const tlsOf = (commonName: string, usage: 'server' | 'both'): TlsFiles => {
    const pair = issueCertificate(authority, { commonName, usage, hosts })
    return {
      ca: file('ca.pem', authority.certificatePem),
      cert: file(`${commonName}.pem`, pair.certificatePem),
      key: file(`${commonName}.key`, pair.keyPem),
    }
  }
  const storageAccountFile = file('account.json', JSON.stringify(account))
  const management = certificateOf('management')
  const fabricKeyFile = file('fabric.key', newFabricKey())
  const controllerPort = await startController({
    directory,
    controllerTls: tlsOf('controller', 'server'),
    storageAccountFile,
    fabricKeyFile,
    certificate: management,
  })
  const options: FrontEndOptions = {
    address: '127.0.0.1',
    port: 0,
    tls: tlsOf('front-end', 'both'),
    controllerUrl: `https://127.0.0.1:${controllerPort}`,
    storageAccountFile,
    fabricKeyFile,
    auditFile: join(directory, 'audit.jsonl'),
    logFile: join(directory, 'RDFE.log'),
    readyFile: join(directory, 'RDFE.ready'),
  }
  const { port, pid, ended } = await runPlatformProcess(t, 'RDFE', options)
  const client = openClient(port, authority.certificatePem, management)
  t.after(() => client.close())
  return {
    ask: client.ask,
    port,
    pid,
    ended,
    directory,
    fabricKeyFile,
    url: `https://127.0.0.1:${port}`,
    authority,
    management,
    auditLines: () =>
      readFileSync(options.auditFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string>),
  }
}

/** A new self-signed certificate with what a subscription knows of it. */
export function certificateOf(name: string) {
  const pair = selfSignedCertificate(name)
  const certificate = parseCertificate(pair.certificatePem)
  if (!certificate) throw new Error('the certificate that was just made cannot be read')
  return { ...certificate, ...pair, data: certificate.der.toString('base64') }
}

function openClient(port: number, ca: string, management: KeyAndCertificate) {
  const agents = new Map<KeyAndCertificate | undefined, Agent>()

  function agentFor(pair: KeyAndCertificate | undefined): Agent {
    const known = agents.get(pair)
    if (known) return known
    const agent = new Agent({
      ca,
      keepAlive: true,
      ...(pair ? { cert: pair.certificatePem, key: pair.keyPem } : {}),
    })
    agents.set(pair, agent)
    return agent
  }

  return {
    /** Sends a request as written; a path that does not begin with `//` is below the subscription. Version 2014-10-01 and the management certificate unless said otherwise. */
    ask: async (method: string, path: string, asked: Asked = {}): Promise<Answered> => {
      const sent = request({
        host: '127.0.0.1',
        port,
        method,
        path: path.startsWith('//') ? path.slice(1) : `/${subscriptionId}${path}`,
        agent: agentFor('certificate' in asked ? asked.certificate : management),
        headers: { 'x-ms-version': '2014-10-01', ...asked.headers },
      })
      sent.end(asked.body)
      const [response] = await once(sent, 'response')
      let body = ''
      for await (const chunk of response) body += chunk
      return { status: response.statusCode, headers: response.headers, body }
    },
    close: () => agents.forEach((agent) => agent.destroy()),
  }
}
