/** VIPs that several machines share: real keepalived, nft and ip, in network namespaces; foreign eyes look (issue 13, line 5). */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { until } from '../until.ts'
import { type Met, makeSegment, type Segment, skip, type TestMachine, vip } from './segment.ts'

/** Connections that stay. */
const kept = 4

/** Enough requests that one that fails would be among them. */
const many = 300

const failed = (met: readonly Met[]) => met.filter((one) => one.met.startsWith('failed'))

/** Until the clients have asked so often since then. */
async function asked(clients: { met(): readonly Met[] }, count = many): Promise<void> {
  const before = clients.met().length
  await until(() => clients.met().length >= before + count, `${count} requests`)
}

async function otherThan(segment: Segment, former: TestMachine): Promise<TestMachine> {
  await until(() => segment.machines.some((one) => one !== former && one.holds()), `${former.name} has lost ${vip}`)
  return segment.holder()
}

describe('VIPs on three machines', { skip }, () => {
  let segment: Segment
  before(async () => {
    segment = await makeSegment(3, { other: '192.0.2.104' })
    await segment.holder()
  })
  after(() => segment.end())

  it('move as planned without a failed request, on new connections and on those that stay', async () => {
    const clients = segment.clients(kept)
    await asked(clients)
    for (let times = 0; times < 2; times++) {
      const former = await segment.holder()
      writeFileSync(former.options.yieldFile, '')
      const next = await otherThan(segment, former)
      await asked(clients)
      const since = clients.met().slice(-many)
      assert.ok(
        since.some(({ kind, met }) => kind === 'new' && met === next.name),
        'new connections go to the next',
      )
      if (times === 0)
        assert.ok(
          since.some(({ kind, met }) => kind === 'kept' && met === former.name),
          'kept ones stay where they are',
        )
      rmSync(former.options.yieldFile)
    }
    const met = await clients.stop()
    assert.deepEqual(failed(met), [], `of ${met.length}`)
  })

  it('leave a load balancer that is told to end before it closes its ports', async () => {
    const clients = segment.clients(0)
    await asked(clients)
    const former = await segment.holder()
    const balancer = former
      .run('pgrep', '-f', 'test/vips/scripted/balancer.ts')
      .split('\n')
      .map(Number)
      .find((pid) => within(former, pid))
    process.kill(balancer ?? 0, 'SIGTERM')
    await otherThan(segment, former)
    await asked(clients)
    const met = await clients.stop()
    assert.deepEqual(failed(met), [], `of ${met.length}`)
    former.startBalancer()
  })
})

function within({ space, run }: TestMachine, pid: number): boolean {
  return run('ip', 'netns', 'identify', String(pid)).trim() === space
}
