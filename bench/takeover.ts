/**
 * How long a pool is without a master: `node bench/takeover.ts`. Three candidates and three members of etcd; a front end that knows all three asks
 * without a pause, with the next command as soon as one is answered. From the event to the first command that another master has stored.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { fabricPaths, party } from '../src/fabric/contract/paths.ts'
import { creating, startPool } from '../test/cluster/candidates.ts'

const rounds = 3
const askEveryMs = 20

const ends: (() => unknown)[] = []
const pool = await startPool({ after: (end) => ends.unshift(end) }, 3, 3)
try {
  const client = pool.clientOf(party.frontEnd)
  client.list(pool.candidates.map(({ url }) => url))
  let asked = 0
  const create = () => {
    const id = String(++asked)
    return client.request({ path: fabricPaths.command, body: creating(`s${id}`, id), timeoutMs: 10_000 })
  }
  /** Until a command is stored, in milliseconds. */
  async function untilStored(): Promise<number> {
    const began = performance.now()
    while (!(await create()).ok) await pause(askEveryMs)
    return Math.round(performance.now() - began)
  }

  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGSTOP'] as const) {
    const took: number[] = []
    for (let round = 0; round < rounds; round++) {
      const master = await pool.master()
      await untilStored()
      if (signal === 'SIGSTOP') master.signal(signal)
      else void master.end(signal)
      took.push(await untilStored())
      if (signal === 'SIGSTOP') master.signal('SIGCONT')
      else master.start()
      await pause(2_000)
    }
    console.log(`${signal} to the master: another has stored a command after ${took.join(', ')} ms`)
  }

  await untilStored()
  const lost = pool.etcd.members.slice(1)
  const refusals: number[] = []
  for (const member of lost) void member.kill()
  for (const until = performance.now() + 10_000; performance.now() < until; await pause(askEveryMs)) {
    const began = performance.now()
    const reply = await create()
    if (!reply.ok && reply.status === 503) refusals.push(Math.round(performance.now() - began))
  }
  console.log(`no quorum for 10 s: ${refusals.length} commands refused, the slowest after ${Math.max(...refusals)} ms`)
  for (const member of lost) member.start()
  console.log(`a quorum again: a command stored after ${await untilStored()} ms`)
} finally {
  for (const end of ends) await end()
}
process.exit()
