/** A site on loopback whose requests all go to one driver: what of w3wp a handler sees, with real sockets and programs. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TestContext } from 'node:test'
import type { DriverFactory, HandlerAnswer, HandlerMapping, HandlerRequest } from '../../../../src/role/w3wp/handler.ts'
import { pairs } from '../../../../src/role/w3wp/handlers/http/fields.ts'
import { inForce } from '../../../../src/service-model/web-config/in-force.ts'
import { readWebConfig } from '../../../../src/service-model/web-config/read-web-config.ts'
import { until } from '../../../until.ts'

export interface Site {
  readonly url: string
  readonly directory: string
  /** What the driver has said. */
  readonly said: string[]
  /** The `system.webServer` from now on. */
  configure(text: string, appSettings?: Readonly<Record<string, string>>): void
  write(files: Readonly<Record<string, string>>): void
  /** Processes that the driver has started and that live. */
  processes(): readonly number[]
  close(): Promise<void>
}

interface Options {
  readonly driver: DriverFactory
  readonly modules: string
  readonly files: Readonly<Record<string, string>>
  /** Inside of system.webServer. */
  readonly config?: string
  readonly appSettings?: Readonly<Record<string, string>>
  readonly scriptProcessor?: string
  /** The file that requests lead to; undefined: the file of the URL, up to its ending. */
  readonly script?: string
}

/** Its programs are ended with the test, and none may be left then. */
export function openSite(test: TestContext, options: Options): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-site-'))
  const mark = `REDDOG_TEST_${randomUUID()}`
  process.env[mark] = '1'
  const said: string[] = []
  const run = join(directory, '.run')
  mkdirSync(run)
  const driver = options.driver({ pool: 'test', directory: run, say: (line) => said.push(line) })
  let sections = sectionsOf(options.config ?? '')
  let appSettings = new Map(Object.entries(options.appSettings ?? {}))
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
  }
  write(options.files)
  const asked = (message: IncomingMessage, signal: AbortSignal) =>
    requestOf(message, { ...options, directory, section: sections, appSettings, signal })

  const server = http.createServer((message, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    void driver.serve(asked(message, gone.signal)).then((answer) => send(answer, response))
  })
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    const gone = new AbortController()
    socket.once('close', () => gone.abort())
    socket.on('error', () => {})
    void driver.upgrade?.(asked(message, gone.signal), { socket, head }).then((answer) => {
      if (answer) socket.end(`HTTP/1.1 ${answer.status} Refused\r\nConnection: close\r\n\r\n`)
    })
  })
  const processes = () => withMark(mark)
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    server.closeAllConnections()
    server.close()
    await driver.close()
    await until(() => processes().length === 0, `the programs of the site have ended: ${said.join('\n')}`)
    delete process.env[mark]
    rmSync(directory, { recursive: true, force: true })
  }
  test.after(close)
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        directory,
        said,
        write,
        processes,
        close,
        configure(text, settings = {}) {
          sections = sectionsOf(text)
          appSettings = new Map(Object.entries(settings))
        },
      }),
    ),
  )
}

function sectionsOf(text: string): HandlerRequest['section'] {
  const source = `<configuration><system.webServer>${text}</system.webServer></configuration>`
  const { value: config, errors } = readWebConfig(source, 'web.config')
  if (!config) throw new Error(errors.join('; '))
  return (name) => inForce(name, [{ directory: '', application: '', config }], { path: '', application: '' }).value
}

interface Placed extends Omit<Options, 'appSettings'> {
  readonly directory: string
  readonly section: HandlerRequest['section']
  readonly appSettings: ReadonlyMap<string, string>
  readonly signal: AbortSignal
}

function requestOf(message: IncomingMessage, placed: Placed): HandlerRequest {
  const { directory, modules, scriptProcessor = '', script, section, appSettings, signal } = placed
  const url = message.url ?? '/'
  const path = decodeURIComponent(url.split('?')[0] ?? '')
  const [scriptName = path] = script === undefined ? (/^.*?\.[a-z]+(?=\/|$)/.exec(path) ?? [path]) : [`/${script}`]
  const variables: Readonly<Record<string, string>> = {
    URL: scriptName,
    HTTPS: 'off',
    REQUEST_METHOD: message.method ?? '',
  }
  return {
    method: message.method ?? 'GET',
    url,
    originalUrl: url,
    headers: pairs(message.rawHeaders),
    body: message,
    facts: {
      site: 1,
      remote: { address: '203.0.113.7', port: 40_000 },
      local: { address: '127.0.0.1', port: 80 },
      isSecure: false,
      protocol: 'HTTP/1.1',
    },
    siteName: 'Web',
    application: { path: '/', physicalPath: directory, directories: [] },
    root: directory,
    mapping: { path: '*.*', resourceType: 'Either', modules, scriptProcessor } as HandlerMapping,
    scriptPath: join(directory, scriptName),
    scriptName,
    pathInfo: script === undefined ? path.slice(scriptName.length) : '',
    section,
    appSettings,
    serverVariable: (name) => variables[name] ?? '',
    signal,
  }
}

async function send(answer: HandlerAnswer, response: ServerResponse): Promise<void> {
  const { status, subStatus, headers, body, detail } = answer
  response.writeHead(status, answer.reason, [
    ...headers.flat(),
    ...(subStatus === undefined ? [] : ['x-sub-status', String(subStatus)]),
    ...(detail === undefined ? [] : ['x-detail', encodeURIComponent(detail)]),
  ])
  if (body === undefined || body instanceof Buffer) response.end(body)
  else await pipeline(body, response).catch(() => response.destroy())
}

function withMark(mark: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)
      } catch {
        return false
      }
    })
}

/** An answer as the tests look at it. */
export interface Seen {
  readonly status: number
  readonly subStatus: string | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  readonly detail: string
}

/** Asks a site. Rejects when the answer is cut off. */
export function ask(
  url: string,
  { body, ...options }: http.RequestOptions & { readonly body?: string | undefined } = {},
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.once('error', reject)
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          subStatus: answer.headers['x-sub-status'] as string | undefined,
          headers: answer.headers,
          body: Buffer.concat(pieces).toString(),
          detail: decodeURIComponent(String(answer.headers['x-detail'] ?? '')),
        }),
      )
    })
    request.once('error', reject)
    request.end(body)
  })
}
