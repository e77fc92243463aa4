/**
 * New connections while the load balancer is killed, while a newer one takes over, and while the holder of its ports is killed:
 *
 *   node bench/balancer-restart.ts [times of each, 10]
 *
 * Two instances with an http and a tcp endpoint; sixteen clients open a connection for each request, without a pause. The
 * gap is from the signal to the first answer on a connection that was opened after it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { placesOf } from '../src/machine/building/data-directory.ts'
import { recordedProcess } from '../src/machine/building/process-record.ts'
import { workerCount } from '../src/machine/load-balancer/workers/worker-count.ts'
import { startFabric } from './fabric.ts'
import { addressesOf } from './load.ts'
import { median } from './statistics.ts'
import { makeVersion } from './upgrade-service/versions.ts'

const clients = 16
const times = Number(process.argv[2] ?? 10)

/** Between two signals: longer than the balancer lives before the ladder of restarts begins again (`crashResetAfter` below), in milliseconds. */
const pauseMs = 1_500

/** A spare has been started by then, in milliseconds. */
const settleLimitMs = 30_000

/** How many requests ended so, by what they met: `answered`, or the system's code. */
type Tally = Map<string, number>

/** Asks on connections of their own until it is stopped. */
function load(urls: readonly string[]) {
  const tally: Tally = new Map()
  const ended = new AbortController()
  let watch: { readonly from: number; readonly seen: (at: number) => void } | undefined
  async function ask(turn: number): Promise<void> {
    while (!ended.signal.aborted) {
      const began = performance.now()
      const met = await meet(urls[turn++ % urls.length] as string)
      tally.set(met, (tally.get(met) ?? 0) + 1)
      if (met === 'answered' && watch && began >= watch.from) watch.seen(performance.now())
      // A client that is refused at once would do nothing else.
      if (met !== 'answered') await delay(1)
    }
  }
  const asking = Array.from({ length: clients }, (_, index) => ask(index))
  return {
    /** Milliseconds until something is answered that is asked from now on. */
    gap: () =>
      new Promise<number>((resolve) => {
        const from = performance.now()
        watch = {
          from,
          seen(at) {
            watch = undefined
            resolve(at - from)
          },
        }
      }),
    async stop(): Promise<Tally> {
      ended.abort()
      await Promise.all(asking)
      return tally
    },
  }
}

function meet(url: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(url, { agent: false, timeout: 10_000 }, (response) => {
      response.resume()
      response.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      response.once('end', () => resolve(response.complete ? 'answered' : 'cut'))
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer within 10 s')))
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    sent.end()
  })
}

/** Memory of every process that the balancer's ports need, once a spare waits and those before it have ended. */
async function tellMemory(data: string): Promise<void> {
  const holder = processOf(data, 'PortHolder')
  const alive = () => childrenOf(holder).filter((pid) => !Number.isNaN(memoryOf(pid)))
  const settled = () => {
    const balancer = processOf(data, 'LoadBalancer')
    return alive().length === 2 && alive().includes(balancer) && childrenOf(balancer).length === workerCount()
  }
  await delay(pauseMs)
  for (const deadline = performance.now() + settleLimitMs; !settled(); await delay(100))
    if (performance.now() > deadline) return console.log(`memory: no single spare within ${settleLimitMs / 1000} s`)
  const balancer = processOf(data, 'LoadBalancer')
  const megabytes = {
    PortHolder: [holder],
    'PortHolder-Azurite': [processOf(data, 'PortHolder-Azurite')],
    'balancer under its load': [balancer],
    'its workers': childrenOf(balancer),
    'spare balancer': alive().filter((pid) => pid !== balancer),
  }
  for (const [name, pids] of Object.entries(megabytes))
    console.log(`memory of ${name}: ${pids.map((pid) => memoryOf(pid).toFixed(1)).join(', ') || 'none'} MB`)
}

function processOf(data: string, name: string): number {
  return recordedProcess(placesOf(data), name)?.record.identity.pid ?? Number.NaN
}

function childrenOf(parent: number): readonly number[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids.map(Number).filter((pid) => parentOf(pid) === parent)
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(join('/proc', String(pid), 'status'), 'utf8'))?.[1])
  } catch {
    return Number.NaN
  }
}

/** Proportional set size of a process, in MB; NaN for one that has ended. */
function memoryOf(pid: number): number {
  try {
    const kB = /^Pss:\s+(\d+)/m.exec(readFileSync(join('/proc', String(pid), 'smaps_rollup'), 'utf8'))?.[1]
    return Number(kB) / 1024
  } catch {
    return Number.NaN
  }
}

const fabric = await startFabric('--timer', 'crashResetAfter=1s')
try {
  const { directory } = makeVersion(fabric.dataDirectory, '1', { instances: 2 })
  const urls = addressesOf(await fabric.run('deploy', directory, '--service', 'restart', '--json'))
  const deeds = {
    'kill -9 of the balancer': () => process.kill(processOf(fabric.dataDirectory, 'LoadBalancer'), 'SIGKILL'),
    'a newer balancer takes over': () => process.kill(processOf(fabric.dataDirectory, 'PortHolder'), 'SIGHUP'),
    'kill -9 of the PortHolder': () => process.kill(processOf(fabric.dataDirectory, 'PortHolder'), 'SIGKILL'),
  }
  for (const [name, deed] of Object.entries(deeds)) {
    if (deed === deeds['kill -9 of the PortHolder']) await tellMemory(fabric.dataDirectory)
    const loading = load(urls)
    const gaps: number[] = []
    for (let time = 0; time < times; time++) {
      await delay(pauseMs)
      deed()
      gaps.push(await loading.gap())
    }
    const { answered, ECONNREFUSED: refused = 0, ...others } = Object.fromEntries(await loading.stop())
    const gap = `${median(gaps).toFixed(0)} ms, at most ${Math.max(...gaps).toFixed(0)} ms`
    console.log(
      `${name}, ${times} times: ${answered} answered, ${refused} refused, ${JSON.stringify(others)}; gap ${gap}`,
    )
  }
} finally {
  await fabric.end()
}
