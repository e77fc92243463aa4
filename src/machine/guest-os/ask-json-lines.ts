import { setTimeout as delay } from 'node:timers/promises'
import { connectJsonLines, type JsonLines } from './json-lines.ts'

/** Between two attempts to reach a process that has just been started. */
const askAgainMs = 20

export interface Asking<Answer> {
  /** Socket of the process that is asked. */
  readonly path: string
  readonly question: unknown
  /** The answer, when the bytes are one. */
  readonly read: (value: unknown) => Answer | undefined
  readonly limitMs: number
}

/** Asks a process over its socket of JSON lines, waiting until it listens. Rejects with a sentence when no answer comes within the limit. */
export async function askJsonLines<Answer>({ path, question, read, limitMs }: Asking<Answer>): Promise<Answer> {
  const end = AbortSignal.timeout(limitMs)
  while (!end.aborted) {
    const answer = await askOnce({ path, question, read }, end).catch(() => undefined)
    if (answer !== undefined) return answer
    await delay(askAgainMs)
  }
  throw new Error(`${path} has not answered ${JSON.stringify(question)} within ${limitMs / 1000} s.`)
}

/** Undefined when the connection ends before an answer. */
async function askOnce<Answer>(
  { path, question, read }: Omit<Asking<Answer>, 'limitMs'>,
  end: AbortSignal,
): Promise<Answer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
  const line: JsonLines = await connectJsonLines(path, {
    said(value) {
      const answer = read(value)
      if (answer !== undefined) resolve(answer)
    },
    gone: () => resolve(undefined),
  })
  const stop = () => resolve(undefined)
  end.addEventListener('abort', stop)
  line.send(question)
  const answer = await promise
  end.removeEventListener('abort', stop)
  line.close()
  return answer
}
