import { join } from 'node:path'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import type { Lan } from './lan.ts'

/** Somebody on the segment who asks a service every 10 ms on new connections, and all the time on four that stay. */
export interface Clients {
  /** What instances have answered, each text once. */
  answers(): ReadonlySet<string>
  /** Requests that had no answer of an instance so far: how, and when, in milliseconds since the clients began; those alone that began after `sinceMs`. */
  faults(sinceMs?: number): readonly string[]
  /** When the last of those requests began that are over, in the same milliseconds. */
  lastMs(): number
  /** Resolves when so many more have been answered. */
  more(count?: number): Promise<void>
  /** Resolves when that is so of the answers from now on. */
  answer(holds: (text: string) => boolean, what: string): Promise<void>
  stop(): Promise<void>
}

const program = join(root, 'test/vips/scripted/clients.ts')
const kept = 4

/** Enough requests that one that fails would be among them. */
const many = 200

/** Begins to ask; `isAnswer` knows the texts of instances. */
export function beginClients({ outside }: Lan, vip: string, isAnswer: (text: string) => boolean): Clients {
  const { child, signal } = outside.start(process.execPath, [program, vip, String(kept)])
  const answers = new Set<string>()
  const faults: { readonly atMs: number; readonly text: string }[] = []
  const waiting = new Set<(text: string) => void>()
  let answered = 0
  let lastMs = 0
  let rest = ''

  function meet(line: string): void {
    const [, kind, at, took, text = ''] = /^(new|kept) (\d+) (\d+) (.*)$/.exec(line) ?? []
    if (kind === undefined) return
    const atMs = Number(at)
    lastMs = Math.max(lastMs, atMs)
    if (!isAnswer(text))
      return void faults.push({ atMs, text: `${kind} connection, at ${at} ms for ${took} ms: ${text}` })
    answered += 1
    answers.add(text)
    for (const hear of waiting) hear(text)
  }

  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) meet(line)
  })
  return {
    answers: () => answers,
    faults: (sinceMs = -1) => faults.filter(({ atMs }) => atMs > sinceMs).map(({ text }) => text),
    lastMs: () => lastMs,
    more(count = many) {
      const wanted = answered + count
      return until(() => answered >= wanted, `${count} more answers of the service; ${faults.length} failed`)
    },
    async answer(holds, what) {
      let isSo = false
      const hear = (text: string) => {
        isSo ||= holds(text)
      }
      waiting.add(hear)
      await until(() => isSo, what, 90_000).finally(() => waiting.delete(hear))
    },
    async stop() {
      signal('SIGKILL')
      await until(() => child.exitCode !== null || child.signalCode !== null, 'the clients have ended')
    },
  }
}
