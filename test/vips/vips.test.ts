/** VIPs that several machines share: real keepalived, nft and ip, in network namespaces; foreign eyes look (docs/decisions/several-machines.md, "Network"). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { until } from '../until.ts'
import { type Clients, type Met, makeSegment, type Segment, skip, type TestMachine, vip } from './segment.ts'

/** Connections that stay. */
const kept = 4

/** Enough requests that one that fails would be among them. */
const many = 300

/** Enough to say who answers. */
const some = 20

/** At the client, outside of all machines. */
const takenVip = '192.0.2.104'

const failed = (met: readonly Met[]) => met.filter((one) => one.met.startsWith('failed'))

/** Until the clients have had so many answers since now, from the machine if one is named. */
async function answered(clients: Clients, count = many, by?: TestMachine): Promise<void> {
  const before = clients.met().length
  const counted = () =>
    clients
      .met()
      .slice(before)
      .filter(({ kind, met }) => (by ? kind === 'new' && met === by.name : !met.startsWith('failed'))).length
  await until(() => counted() >= count, `${count} answers`)
}

/** The machine that has the VIP when `former` has lost it, or says that it has. */
async function successor(segment: Segment, former: TestMachine): Promise<TestMachine> {
  let found: TestMachine | undefined
  await until(() => {
    found = segment.machines.find((one) => one !== former && one.holds())
    return found !== undefined
  }, `another than ${former.name} holds ${vip}`)
  return found as TestMachine
}

/** The one machine that has the VIP, when the newest answers since now are its own. */
async function settled(segment: Segment, clients: Clients): Promise<TestMachine> {
  const before = clients.met().length
  let last: TestMachine | undefined
  await until(async () => {
    last = await segment.holder()
    const newest = clients.met().slice(before).slice(-some)
    return newest.length === some && newest.every(({ met }) => met === last?.name)
  }, 'one machine has the VIP, and answers')
  return last as TestMachine
}

describe('VIPs on three machines', { skip }, () => {
  let segment: Segment
  before(async () => {
    segment = await makeSegment(3, { other: takenVip })
    await segment.holder()
  })
  after(() => segment.end())

  it('move as planned without a failed request, on new connections and on those that stay, whoever gets them', async () => {
    for (let move = 0; move < 6; move++) {
      const clients = segment.clients(kept)
      const former = await segment.holder()
      await answered(clients, some, former)
      former.service(true)
      const next = await successor(segment, former)
      await answered(clients, many / 2, next)
      const met = await clients.stop()
      assert.deepEqual(failed(met), [], `move ${move} from ${former.name} to ${next.name}, of ${met.length}`)
      const stay = met.slice(-many / 3).filter(({ kind }) => kind === 'kept')
      assert.ok(
        stay.length > 0 && stay.every((one) => one.met === former.name),
        'those that stay do so where they began',
      )
      former.service(false)
    }
  })

  it('leave a load balancer that is told to end, before it closes its ports', async () => {
    const clients = segment.clients(0)
    await answered(clients)
    const former = await segment.holder()
    former.signalBalancer('SIGTERM')
    await answered(clients, many, await successor(segment, former))
    const met = await clients.stop()
    assert.deepEqual(failed(met), [], `of ${met.length}`)
    former.startBalancer()
  })

  /** What happens to the holder, and what mends it. */
  const faults: readonly (readonly [
    what: string,
    harm: (holder: TestMachine) => void,
    mend: (holder: TestMachine) => void,
  ])[] = [
    ['whose cable is pulled', (holder) => segment.cable(holder, 'down'), (holder) => segment.cable(holder, 'up')],
    ['that hears nobody any more', (holder) => cut(holder, 'input'), uncut],
    ['whom nobody hears any more', (holder) => cut(holder, 'output'), uncut],
    ['whose load balancer is killed', (holder) => holder.signalBalancer('SIGKILL'), (holder) => holder.startBalancer()],
    [
      'whose load balancer hangs',
      (holder) => holder.signalBalancer('SIGSTOP'),
      (holder) => holder.signalBalancer('SIGCONT'),
    ],
    [
      'whose keepalived is killed',
      ({ keepalived }) => {
        for (const pid of keepalived()) process.kill(pid, 'SIGKILL')
      },
      () => {},
    ],
    [
      'whose keepalived hangs',
      ({ keepalived }) => {
        for (const pid of keepalived()) process.kill(pid, 'SIGSTOP')
      },
      () => {},
    ],
    [
      'that is stopped as a whole for a while',
      (holder) => holder.signalAll('SIGSTOP'),
      (holder) => holder.signalAll('SIGCONT'),
    ],
  ]
  for (const [what, harm, mend] of faults)
    it(`leave a machine ${what}, and one has them when it is well again`, async () => {
      const clients = segment.clients(0)
      const former = await segment.holder()
      await answered(clients, some, former)
      harm(former)
      const next = await successor(segment, former)
      await answered(clients, some, next)
      mend(former)
      // Who had them may have them for a moment before it hears of the other.
      const last = await settled(segment, clients)
      await clients.stop()
      assert.deepEqual(await answering(segment), [last.name], 'and it alone answers who asks for it')
    })

  it('are not those that another computer has, which is said where the balancer looks', () => {
    const [one] = segment.machines as readonly [TestMachine]
    const taken = JSON.parse(readFileSync(one.options.takenFile, 'utf8')) as Record<string, string>
    assert.deepEqual(Object.keys(taken), [takenVip])
    assert.match(taken[takenVip] ?? '', /^its hardware address is [0-9a-f:]{17}$/)
    assert.match(one.log(), /another computer answers at the VIP 192\.0\.2\.104/)
    assert.ok(segment.machines.every(({ holds }) => !holds(takenVip)))
  })

  it('go on when a VipHolder is killed and started again, and leave nothing when it is told to end', async () => {
    const clients = segment.clients(kept)
    const holder = await segment.holder()
    await answered(clients, many, holder)
    const pids = holder.keepalived()
    await holder.restartHolder()
    assert.deepEqual(holder.keepalived(), pids, 'keepalived is the same')
    assert.ok(holder.holds())
    await answered(clients)
    const met = await clients.stop()
    assert.deepEqual(failed(met), [], `of ${met.length}`)
    for (const machine of segment.machines) await machine.endHolder()
    for (const { run } of segment.machines) {
      assert.equal(run('nft', 'list', 'ruleset').trim(), '')
      assert.doesNotMatch(run('ip', 'addr'), /192\.0\.2\.10\d|127\.5\.0/)
      assert.equal(run('cat', ...settings), '0\n0\n')
      assert.doesNotMatch(run('ip', 'rule'), /fwmark/)
    }
  })
})

const settings = ['/proc/sys/net/ipv4/conf/eth0/arp_ignore', '/proc/sys/net/ipv4/conf/eth0/arp_announce']

/** Drops all that comes, or goes, by the machine's link. */
function cut({ run }: TestMachine, way: 'input' | 'output'): void {
  run('nft', 'add', 'table', 'netdev', 'cut')
  const hook = way === 'input' ? 'ingress' : 'egress'
  run(
    'nft',
    'add',
    'chain',
    'netdev',
    'cut',
    'way',
    `{ type filter hook ${hook} device eth0 priority 0; policy drop; }`,
  )
}

function uncut({ run }: TestMachine): void {
  run('nft', 'delete', 'table', 'netdev', 'cut')
}

/** The machines that answer when the client asks who has the VIP. */
async function answering({ machines, client }: Segment): Promise<readonly string[]> {
  for (const { run } of machines) {
    run('nft', 'add', 'table', 'arp', 'seen')
    run('nft', 'add', 'chain', 'arp', 'seen', 'out', '{ type filter hook output priority 0; }')
    run('nft', 'add', 'rule', 'arp', 'seen', 'out', 'arp', 'operation', 'reply', 'arp', 'saddr', 'ip', vip, 'counter')
  }
  client('ip', 'neigh', 'flush', 'to', vip)
  client('ip', 'neigh', 'replace', vip, 'dev', 'eth0', 'use')
  await until(() => client('ip', 'neigh', 'show', vip).includes('lladdr'), `somebody answers for ${vip}`)
  const found = machines.filter(({ run }) => /counter packets [1-9]/.test(run('nft', 'list', 'table', 'arp', 'seen')))
  for (const { run } of machines) run('nft', 'delete', 'table', 'arp', 'seen')
  return found.map(({ name }) => name)
}
