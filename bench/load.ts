/** Load of real clients: Debian's `wrk` on kept-alive connections, and a client that opens a new one for each request. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'

export interface Load {
  /** Ends it; resolves with what became of the requests. */
  stop(): Promise<Loaded>
}

export interface Loaded {
  readonly requests: number
  readonly failed: number
  /** What went wrong, a few examples. */
  readonly faults: readonly string[]
}

/** Longer than any measurement: wrk ends when it is told to. */
const wrkSeconds = 3_600

/** Kept-alive connections of one wrk; enough to keep every instance of ten busy. */
const keptConnections = 8

/** Clients that open a connection for each request. */
const newConnections = 16

/** An answer must be there by then, unless told. wrk's own limit. */
const answerLimitMs = 2_000

/** Kept-alive connections on which the next request follows the last answer at once. */
export function keptAlive(url: string, limitMs = answerLimitMs): Load {
  const words = ['-t1', `-c${keptConnections}`, `-d${wrkSeconds}s`, '--timeout', `${limitMs / 1_000}s`, url]
  const wrk = spawn('wrk', words, {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  wrk.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
  const ended = once(wrk, 'close')
  return {
    async stop() {
      wrk.kill('SIGINT')
      await ended
      const faults = [...output.matchAll(/^\s*(?:Socket errors|Non-2xx).*$/gm)].map(([line]) => line.trim())
      const failed = faults
        .flatMap((line) => line.match(/\d+(?!xx)\b/g) ?? [])
        .reduce((sum, count) => sum + Number(count), 0)
      return { requests: Number(/(\d+) requests in/.exec(output)?.[1] ?? 0), failed, faults }
    },
  }
}

/** A new connection for each request, at all addresses in turn. */
export function eachAnew(urls: readonly string[], limitMs = answerLimitMs): Load & { requests(): number } {
  const ended = new AbortController()
  const faults: string[] = []
  let requests = 0
  let failed = 0

  async function ask(): Promise<void> {
    for (let turn = 0; !ended.signal.aborted; turn++) {
      requests++
      await answer(urls[turn % urls.length] as string, limitMs).catch((error: Error) => {
        failed++
        if (faults.length < 3) faults.push(error.message)
      })
    }
  }

  const asking = Array.from({ length: newConnections }, ask)
  return {
    requests: () => requests,
    async stop() {
      ended.abort()
      await Promise.all(asking)
      return { requests, failed, faults }
    },
  }
}

/** The whole body of an answer with status 200; rejects for everything else. */
export function answer(url: string, limitMs = answerLimitMs): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, timeout: limitMs }, (response) => {
      let body = ''
      response.on('data', (bytes: Buffer) => (body += bytes.toString()))
      response.once('error', reject)
      response.once('end', () =>
        response.statusCode === 200 && response.complete
          ? resolve(body)
          : reject(new Error(`status ${response.statusCode}, complete: ${response.complete}`)),
      )
    })
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${limitMs} ms`)))
    sent.once('error', reject)
    sent.end()
  })
}

export function sum(parts: readonly Loaded[]): Loaded {
  return {
    requests: parts.reduce((total, { requests }) => total + requests, 0),
    failed: parts.reduce((total, { failed }) => total + failed, 0),
    faults: parts.flatMap(({ faults }) => faults),
  }
}

/** Where a deployment answers, of the JSON that `deploy` prints: its tcp endpoints speak http too, unknown to the balancer. */
export function addressesOf(deployed: string): readonly string[] {
  const { addresses } = JSON.parse(deployed) as { readonly addresses: readonly string[] }
  return addresses.map((address) => address.replace(/^tcp:/, 'http:'))
}
