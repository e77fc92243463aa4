import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemWords } from '../../../kernel/system-words.ts'
import type { WebSite } from '../../../service-model/application-host/application-host.ts'
import { sayOnce } from '../say-once.ts'

/** Traces that wait for the disk at most; further failures go untraced, so that no stranger fills the memory. Origin: choice. */
const mostWaiting = 16

/** Stores the traces of a process, and says once when one could not be. */
export interface TraceFiles {
  store(site: Pick<WebSite, 'id' | 'traces'>, document: string): void
}

interface Numbered {
  readonly directory: string
  /** Of its traces, oldest first. */
  readonly numbers: number[]
}

/** `W3SVC<id>/fr<number>.xml` below the site's directory (G-13): numbers go on, beyond the most the oldest is removed. Nothing waits for it. */
export function openTraceFiles(say: (line: string) => void): TraceFiles {
  const sites = new Map<number, Numbered>()
  let work: Promise<void> = Promise.resolve()
  let waiting = 0
  const once = sayOnce(say)

  async function write({ id, traces }: Pick<WebSite, 'id' | 'traces'>, document: string): Promise<void> {
    if (!traces || traces.mostFiles === 0) return
    const { directory, numbers } = sites.get(id) ?? (await numbered(join(traces.directory, `W3SVC${id}`)))
    // Another process of the pool may have taken numbers: they are looked up anew after any failure.
    sites.delete(id)
    const next = (numbers.at(-1) ?? 0) + 1
    const file = join(directory, nameOf(next))
    await writeFile(file, document, { flag: 'wx' }).catch(async (error: NodeJS.ErrnoException) => {
      // On a full disk a part of it is there, which counts among no traces.
      if (error.code !== 'EEXIST') await rm(file, { force: true })
      throw error
    })
    numbers.push(next)
    while (numbers.length > traces.mostFiles) await rm(join(directory, nameOf(numbers.shift() ?? 0)), { force: true })
    sites.set(id, { directory, numbers })
  }

  async function writeBeside(...words: Parameters<typeof write>): Promise<void> {
    await write(...words).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return write(...words)
    })
  }

  return {
    store(site, document) {
      if (waiting >= mostWaiting) return once('More requests fail than can be traced: some have no trace.')
      waiting += 1
      work = work
        .then(() => writeBeside(site, document))
        .catch((error: unknown) => once(`Failed requests cannot be traced: ${systemWords(error)}`))
        .finally(() => {
          waiting -= 1
        })
    },
  }
}

const nameOf = (number: number) => `fr${String(number).padStart(6, '0')}.xml`

async function numbered(directory: string): Promise<Numbered> {
  await mkdir(directory, { recursive: true })
  const numbers = (await readdir(directory)).flatMap((name) => {
    const [, number] = /^fr(\d{6,9})\.xml$/.exec(name) ?? []
    return number === undefined ? [] : [Number(number)]
  })
  return { directory, numbers: numbers.sort((one, other) => one - other) }
}
