/**
 * How long nobody answers at a VIP when it moves between three machines, in network namespaces with real keepalived (as root):
 *
 *   node bench/vips.ts [times of each, 5]
 *
 * Every 10 ms a client opens a connection for a request; four keep theirs. The gap is the longest time between two answers on new connections; failed
 * are all requests that had no answer, on kept connections too.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Met, makeSegment, type Segment, type TestMachine } from '../test/vips/segment.ts'
import { median } from './statistics.ts'

const times = Number(process.argv[2] ?? 5)

/** Before and after a move, in milliseconds. */
const restMs = 4_000

const moves: Readonly<
  Record<
    string,
    { harm(holder: TestMachine, segment: Segment): void; mend(holder: TestMachine, segment: Segment): void }
  >
> = {
  planned: {
    harm: (holder) => holder.service(true),
    mend: (holder) => holder.service(false),
  },
  'cable pulled': {
    harm: (holder, { cable }) => cable(holder, 'down'),
    mend: (holder, { cable }) => cable(holder, 'up'),
  },
  'machine stopped': {
    harm: (holder) => holder.signalAll('SIGSTOP'),
    mend: (holder) => holder.signalAll('SIGCONT'),
  },
  'keepalived killed': {
    harm({ keepalived }) {
      for (const pid of keepalived()) process.kill(pid, 'SIGKILL')
    },
    mend() {},
  },
  'balancer killed, not started again': {
    harm: (holder) => holder.signalBalancer('SIGKILL'),
    mend: (holder) => holder.startBalancer(),
  },
}

for (const [name, { harm, mend }] of Object.entries(moves)) {
  const gaps: number[] = []
  let [asked, failed, keptFailed] = [0, 0, 0]
  for (let turn = 0; turn < times; turn++) {
    const segment = await makeSegment(3)
    try {
      const holder = await segment.holder()
      const clients = segment.clients(4)
      await delay(restMs)
      harm(holder, segment)
      await delay(restMs)
      mend(holder, segment)
      const met = await clients.stop()
      gaps.push(longestGap(met))
      asked += met.length
      failed += met.filter(isFailed).length
      keptFailed += met.filter((one) => isFailed(one) && one.kind === 'kept').length
    } finally {
      await segment.end()
    }
  }
  console.log(
    `${name}: gap ${median(gaps)} ms (at most ${Math.max(...gaps)}); failed ${failed} of ${asked}, ${keptFailed} of them on kept connections`,
  )
}

function isFailed({ met }: Met): boolean {
  return met.startsWith('failed')
}

/** Between two answers on new connections, one after the other. */
function longestGap(met: readonly Met[]): number {
  const ats = met
    .flatMap((one) => (one.kind === 'new' && !isFailed(one) ? [one.atMs + one.tookMs] : []))
    .toSorted((a, b) => a - b)
  return Math.max(...ats.slice(1).map((at, index) => at - (ats[index] as number)))
}
