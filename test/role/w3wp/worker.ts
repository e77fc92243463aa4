/** A real w3wp, asked as the listener asks it: HTTP over its socket, with the facts of a request in the listener's field. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { escapeAttribute } from '../../../src/kernel/xml.ts'
import {
  type AnswerFacts,
  listenerFields,
  readAnswerFacts,
  writeRequestFacts,
} from '../../../src/role/contract/web-request.ts'

export type Files = Readonly<Record<string, string>>

/** A site of a test: its files, and applications below it by their paths. */
export interface Shape {
  readonly files: Files
  readonly applications?: Readonly<Record<string, Files>>
}

export interface Asked {
  /** Number of the site; 1 unless said otherwise. */
  readonly site?: number | undefined
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly body?: string | undefined
  /** Address of the client; that of a stranger unless said otherwise. */
  readonly from?: string | undefined
  readonly isSecure?: boolean | undefined
  readonly agent?: http.Agent | undefined
}

export interface Seen {
  readonly status: number
  readonly reason: string
  readonly headers: http.IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: string
  readonly facts: AnswerFacts
  /** `404.8` */
  readonly code: string
}

export interface Worker {
  readonly process: ChildProcess
  readonly socket: string
  /** What it has printed so far. */
  readonly output: () => string
  readonly directoryOf: (site: number) => string
  /** Traces of failed requests; three of each site are kept. */
  readonly traceDirectory: string
  readonly write: (site: number, files: Files) => void
  readonly ask: (url: string, asked?: Asked) => Promise<Seen>
  /** What curl prints, its URL as it stands. */
  readonly curl: (path: string, ...words: readonly string[]) => Promise<string>
  /** The exit code, once it is told to stop. */
  readonly stop: () => Promise<number | null>
  readonly close: () => Promise<void>
}

const inside = (content: string) => `<configuration><system.webServer>${content}</system.webServer></configuration>`

/** A `web.config` with that in its system.webServer. */
export const webConfig = (content: string): Files => ({ 'Web.config': inside(content) })

/** The `rules` of a `web.config`. */
export const rules = (content: string) => webConfig(`<rewrite><rules>${content}</rules></rewrite>`)

const local = { address: '10.0.0.4', port: 80 }

/** Starts one for these sites, 1 for the first; `server`: what applicationHost.config says beside them. */
export async function startWorker(shapes: readonly Shape[], server = ''): Promise<Worker> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'w3wp-')))
  const directoryOf = (site: number) => join(directory, `site${site}`)
  const write = (site: number, files: Files) => lay(directoryOf(site), files)
  const sites = shapes.map(({ files, applications = {} }, index) => {
    const site = index + 1
    write(site, files)
    const below = Object.entries(applications).map(([path, own]) => {
      const place = `${directoryOf(site)}-${path.slice(1)}`
      lay(place, own)
      return `<application path="${escapeAttribute(path)}" applicationPool="p"><virtualDirectory path="/" physicalPath="${escapeAttribute(place)}"/></application>`
    })
    const root = `<application path="/" applicationPool="p"><virtualDirectory path="/" physicalPath="${directoryOf(site)}"/></application>`
    return `<site name="Web_${site}" id="${site}">${root}${below.join('')}<bindings/><traceFailedRequestsLogging enabled="true" directory="${tracesIn(directory)}" maxLogFiles="3"/></site>`
  })
  const file = join(directory, 'applicationHost.config')
  const pools = '<applicationPools><add name="p"/></applicationPools>'
  writeFileSync(
    file,
    `<configuration><system.applicationHost>${pools}<sites>${sites.join('')}</sites></system.applicationHost>${server}</configuration>`,
  )
  const socket = join(directory, 's')
  const main = new URL('../../../src/role/w3wp/main.ts', import.meta.url)
  const child = fork(main, ['-ap', 'p', '-a', socket, '-h', file], { silent: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (output += part.toString()))
  const ended = once(child, 'exit')
  await Promise.race([once(child, 'message'), ended.then(() => assert.fail(output))])
  const stop = async () => {
    if (child.connected) child.send({ kind: 'stop' })
    return (await ended)[0] as number | null
  }
  return {
    process: child,
    socket,
    output: () => output,
    directoryOf,
    traceDirectory: tracesIn(directory),
    write,
    ask: (url, asked = {}) => ask(socket, url, asked),
    async curl(path, ...words) {
      const limits = ['--silent', '--max-time', '30', '--path-as-is', '--unix-socket', socket]
      const facts = ['-H', `${listenerFields.request}: ${factsOf({})}`]
      return (await promisify(execFile)('curl', [...limits, ...facts, ...words, `http://www.contoso.com${path}`]))
        .stdout
    },
    stop,
    async close() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const tracesIn = (directory: string) => join(directory, 'FailedReqLogFiles')

function lay(directory: string, files: Files): void {
  mkdirSync(directory, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
}

function factsOf({ site = 1, from = '203.0.113.7', isSecure = false }: Asked): string {
  return writeRequestFacts({ site, remote: { address: from, port: 40_000 }, local, isSecure, protocol: 'HTTP/1.1' })
}

/** Rejects when the answer is cut off. */
function ask(socketPath: string, path: string, asked: Asked): Promise<Seen> {
  const { method = 'GET', headers = {}, body, agent } = asked
  const fields = { host: 'www.contoso.com', ...headers, [listenerFields.request]: factsOf(asked) }
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, path, method, headers: fields, agent: agent ?? false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('error', reject)
      answer.once('end', () => {
        const { statusCode: status = 0, statusMessage: reason = '', rawHeaders } = answer
        const facts = readAnswerFacts(answer.headers[listenerFields.answer] as string | undefined)
        const whole = Buffer.concat(parts).toString()
        const code = `${status}.${facts.subStatus}`
        resolve({ status, reason, headers: answer.headers, rawHeaders, body: whole, facts, code })
      })
    })
    request.once('error', reject)
    request.end(body)
  })
}
