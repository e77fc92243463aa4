import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type {
  HandlerAnswer,
  HandlerMapping,
  HandlerRequest,
  SectionInForce,
} from '../../../../src/role/w3wp/handler.ts'
import { staticCompression } from '../../../../src/role/w3wp/static/compression.ts'
import { serveStatic } from '../../../../src/role/w3wp/static/serve-static.ts'
import { inForce } from '../../../../src/service-model/web-config/in-force.ts'
import { readWebConfig } from '../../../../src/service-model/web-config/read-web-config.ts'
import { valueOf } from '../../../service-model/documents.ts'

const everyModule = 'StaticFileModule,DefaultDocumentModule,DirectoryListingModule'

/** A directory that is served, its answers passing through static compression. */
export interface Site {
  readonly root: string
  readonly url: string
  /** What curl prints, asked with these arguments and a path of the site. */
  readonly curl: (path: string, ...words: readonly string[]) => Promise<string>
  /** The last answer's status with its sub-status, `404.3`. */
  readonly last: () => string
  readonly close: () => Promise<void>
}

/** The sections of a `system.webServer` with this content. */
export function sectionsOf(content: string): SectionInForce {
  const text = `<configuration><system.webServer>${content}</system.webServer></configuration>`
  const files = [{ directory: '', application: '', config: valueOf(readWebConfig(text, 'Web.config')) }]
  return (name) => {
    const { value, faults } = inForce(name, files, { path: '', application: '' })
    assert.deepEqual(faults, [])
    return value
  }
}

/** A directory below the system's own, and who serves it. */
export async function site(content = '', modules = everyModule): Promise<Site> {
  const root = await mkdtemp(join(tmpdir(), 'static-'))
  const section = sectionsOf(content)
  const handler = `<handlers><add name="StaticFile" path="*" verb="*" modules="${modules}" /></handlers>`
  const [mapping] = sectionsOf(handler)('handlers').items
  assert.ok(mapping)
  const compress = staticCompression()
  let last = ''
  const server = createServer((incoming, outgoing) => {
    const request = requestOf(incoming, { root, section, mapping })
    const served = serveStatic(request).then((answer) => compress(answer, request))
    served
      .then((answer) => {
        last = `${answer.status}.${answer.subStatus ?? 0}`
        return send(answer, outgoing)
      })
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const curl = async (path: string, ...words: readonly string[]) => {
    const limits = ['--silent', '--max-time', '20', '--path-as-is']
    const { stdout } = await promisify(execFile)('curl', [...limits, ...words, `${url}${path}`], { maxBuffer: 2 ** 26 })
    return stdout
  }
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(root, { recursive: true })
  }
  return { root, url, curl, last: () => last, close }
}

async function send({ status, headers, body }: HandlerAnswer, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(status, headers.flat())
  if (body instanceof Readable) await pipeline(body, outgoing)
  else outgoing.end(body)
}

function requestOf(
  incoming: IncomingMessage,
  on: { readonly root: string; readonly section: SectionInForce; readonly mapping: HandlerMapping },
): HandlerRequest {
  const { method = '', url = '', rawHeaders } = incoming
  const scriptName = decodeURIComponent(url.replace(/\?.*/, ''))
  const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []))
  const address = { address: '127.0.0.1', port: 1 }
  return {
    method,
    url,
    originalUrl: url,
    headers,
    body: incoming,
    facts: { site: 1, remote: address, local: address, isSecure: false, protocol: `HTTP/${incoming.httpVersion}` },
    siteName: 'WebRole1_IN_0_Web',
    application: { path: '/', physicalPath: on.root, directories: [] },
    root: on.root,
    mapping: on.mapping,
    scriptPath: join(on.root, scriptName.replace(/\/$/, '')),
    scriptName,
    pathInfo: '',
    section: on.section,
    appSettings: new Map(),
    serverVariable: () => 'www.contoso.com',
    signal: new AbortController().signal,
  }
}
