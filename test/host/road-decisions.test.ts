/** What is decided about the roads between machines before anything is laid, and what is said when one is no good. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HostOutcome } from '../../src/host/agent/action.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { decide } from '../../src/host/agent/decide.ts'
import { loadedState } from '../../src/host/agent/load.ts'
import type { HostState } from '../../src/host/agent/state.ts'
import type { Road } from '../../src/host/contract/goal.ts'
import { readHostFacts, readHostReport } from '../../src/host/contract/read-report.ts'
import type { HostFacts } from '../../src/host/contract/report.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { guestNetworkOf } from '../../src/machine/guest/namespace/guest-network.ts'
import { barriersIn } from '../../src/machine/guest/namespace/roads/barriers.ts'
import { linksIn } from '../../src/machine/guest/namespace/roads/machine-links.ts'
import { mtuIn } from '../../src/machine/guest/namespace/roads/narrow-ways.ts'
import { mtuOf, planRoads } from '../../src/machine/guest/namespace/roads/road-plan.ts'
import { forwardingEntries, laying } from '../../src/machine/guest/namespace/roads/road-routes.ts'
import { routedBy } from '../../src/machine/guest/namespace/roads/routed.ts'
import { containerId, goalWith, guestWith, hostConfiguration } from './goals.ts'

const now = 1_000_000
const timers = timersWith([])
const network = guestNetworkOf('127.77.0.10')
const road: Road = { name: 'host2', subnet: '10.77.11.0/24', address: '192.0.2.2' }

describe('a road', () => {
  const lan = { name: 'eth0', mtu: 1_500, addresses: [{ address: '192.0.2.1', bits: 24 }] }
  const second = { name: 'eth1', mtu: 9_000, addresses: [{ address: '198.51.100.1', bits: 28 }] }
  const alone = { ...lan, addresses: [{ address: '192.0.2.1', bits: 32 }] }
  const plan = (change: Partial<Road>, links = [lan, second]) =>
    planRoads(network, '192.0.2.1', [{ ...road, ...change }], links)
  const rows: readonly (readonly [
    where: string,
    change: Partial<Road>,
    links: readonly (typeof lan)[],
    laid: object,
  ])[] = [
    ['on the link of its own address', {}, [lan], { link: 'eth0', wrapped: false, mtu: 1_500 }],
    ['on another link', { address: '198.51.100.14' }, [lan, second], { link: 'eth1', wrapped: false, mtu: 9_000 }],
    ['beyond a router', { address: '198.51.100.16' }, [lan, second], { link: 'rd77-vx', wrapped: true, mtu: 1_450 }],
    ['beside a link with one address alone', {}, [alone], { link: 'rd77-vx', wrapped: true, mtu: 1_450 }],
  ]
  for (const [where, change, links, laid] of rows)
    it(`to a machine ${where} is ${'wrapped' in laid && laid.wrapped ? 'wrapped' : 'a plain route'}`, () =>
      assert.deepEqual(plan(change, [...links]), {
        roads: [{ ...road, ...change, machine: '10.77.11.0', ...laid }],
        troubles: [],
      }))

  const troubles: readonly (readonly [
    what: string,
    change: Partial<Road>,
    links: readonly (typeof lan)[],
    said: RegExp,
  ])[] = [
    [
      'of a machine without its address',
      {},
      [second],
      /^No link of this machine that is up has the address 192\.0\.2\.1/,
    ],
    ['to this machine’s own address', { address: '192.0.2.1' }, [lan], /Give each machine an address of its own/],
    ['to this machine’s own subnet', { subnet: '10.77.10.0/24' }, [lan], /not laid/],
    ['to a subnet of nobody', { subnet: '10.78.11.0/24' }, [lan], /not laid/],
    ['to words', { subnet: '10.77.11.0/24\nflush ruleset' }, [lan], /not laid/],
    ['to no address', { address: '192.0.2.2; x' }, [lan], /not laid/],
    ['over a link with too short packets', { address: '198.51.100.16' }, [{ ...lan, mtu: 600 }], /Raise its MTU/],
  ]
  for (const [what, change, links, said] of troubles)
    it(`${what} is not laid, and it says why`, () => {
      const {
        roads,
        troubles: [sentence = ''],
      } = plan(change, [...links])
      assert.deepEqual(roads, [])
      assert.match(sentence, said)
    })

  it('of the narrowest sort says how long packets of guests may be', () => {
    const [near, far] = [plan({}).roads, plan({ address: '203.0.113.1' }).roads]
    assert.deepEqual([mtuOf(near), mtuOf([...near, ...far]), mtuOf([])], [undefined, 1_450, undefined])
  })

  it('is laid in words that ip and bridge take', () => {
    const { roads } = plan({ address: '203.0.113.1' })
    assert.equal(
      laying(network, [...plan({}).roads, ...roads]),
      `address replace 10.77.10.0/32 dev lo
route replace unreachable 10.77.0.0/16
route replace 10.77.11.0/24 via 192.0.2.2 dev eth0 onlink src 10.77.10.0
neighbour replace 10.77.11.0 lladdr 02:00:0a:4d:0b:00 dev rd77-vx nud permanent
route replace 10.77.11.0/24 via 10.77.11.0 dev rd77-vx onlink src 10.77.10.0
`,
    )
    assert.equal(
      forwardingEntries(network, roads),
      'fdb replace 02:00:0a:4d:0b:00 dev rd77-vx dst 203.0.113.1 self permanent\n',
    )
  })
})

describe('what is read of the machine', () => {
  it('is its links that are up, and their addresses', () => {
    const text = JSON.stringify([
      {},
      { ifname: 'eth0', mtu: 1_500, flags: ['UP', 'LOWER_UP'], addr_info: [{ local: '192.0.2.1', prefixlen: 24 }, {}] },
      { ifname: 'eth1', mtu: 1_500, flags: ['NO-CARRIER', 'UP'], addr_info: [{ local: '192.0.2.3', prefixlen: 24 }] },
    ])
    assert.deepEqual(linksIn(text), [{ name: 'eth0', mtu: 1_500, addresses: [{ address: '192.0.2.1', bits: 24 }] }])
    assert.deepEqual(linksIn(''), [])
  })

  it('is what routers have said of the longest packets', () => {
    assert.equal(mtuIn('[{"dst":"198.51.100.3","metrics":[{"mtu":1400}],"cache":["expires"]}]'), 1_400)
    assert.equal(mtuIn('[{"dst":"198.51.100.3","cache":[]}]'), undefined)
  })

  it('is the link of each route', () => {
    const table = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t020200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000B4D0A\t020200C0\t0003\t0\t0\t0\t00FFFFFF\t0\t0\t0
*\t00004D0A\t00000000\t0200\t0\t0\t0\t0000FFFF\t0\t0\t0
`
    assert.deepEqual(
      [...routedBy(table)],
      [
        ['0.0.0.0/0', 'eth0'],
        ['10.77.11.0/24', 'eth0'],
        ['10.77.0.0/16', '*'],
      ],
    )
  })

  it('is chains of others that drop what they do not know', () => {
    const chain = (change: object) => ({
      chain: { family: 'ip', table: 'filter', name: 'FORWARD', hook: 'forward', policy: 'drop', ...change },
    })
    const text = JSON.stringify({
      nftables: [
        { metainfo: {} },
        chain({}),
        chain({ family: 'ip6' }),
        chain({ policy: 'accept' }),
        chain({ hook: 'input' }),
        chain({ family: 'inet', table: 'firewall' }),
      ],
    })
    assert.deepEqual(
      barriersIn(text).map(({ family, table, name }) => [family, table, name]),
      [
        ['ip', 'filter', 'FORWARD'],
        ['inet', 'firewall', 'FORWARD'],
      ],
    )
  })
})

describe('a Host Agent', () => {
  const self = { id: 'Worker_IN_0', role: 'Worker', faultDomain: 0, upgradeDomain: 0, endpoints: [] }
  const topology = [
    { ...self, address: '10.77.10.1' },
    { ...self, id: 'Worker_IN_2', address: '10.77.11.9' },
    { ...self, id: 'Web_IN_0', role: 'Web', address: '10.77.11.3' },
  ]
  const machine = { subnet: '10.77.10.0/24', address: '192.0.2.1' }
  const stateWith = (
    roads: readonly Road[] | undefined,
    facts: Partial<HostFacts> = machine,
    ownNetworks = true,
  ): HostState => {
    const { facts: usual, ...configuration } = hostConfiguration(timers, { ownNetworks })
    const guest = guestWith({ topology })
    const goal = { version: 1, instances: [goalWith({ guest })], asks: [], ...(roads && { roads }) }
    return loadedState(
      { ...configuration, facts: { ...usual, ...facts } },
      { goal, records: [], packages: new Map() },
      () => true,
      now,
    )
  }
  const actionsIn = (state: HostState, at = now) => decide(state, 'roads', at).actions
  const after = (state: HostState, outcome: HostOutcome, at = now): HostState => {
    const [action] = actionsIn(state, at)
    assert.ok(action)
    return hostAgent.settle(state, action, outcome, at).state
  }
  const fine: HostOutcome = { kind: 'laid', troubles: [] }
  const narrow: HostOutcome = { kind: 'laid', troubles: ['The road is narrow.'] }

  it('lays the roads of its goal, and names the peers that its guests have elsewhere, with their roles (A-28)', () => {
    const deploymentId = guestWith().deploymentId
    assert.deepEqual(
      actionsIn(stateWith([road])).map((action) => action.kind === 'layRoads' && action.wanted),
      [
        {
          address: '192.0.2.1',
          roads: [road],
          peers: [
            { address: '10.77.11.3', owner: { deploymentId, role: 'Web' } },
            { address: '10.77.11.9', owner: { deploymentId, role: 'Worker' } },
          ],
        },
      ],
    )
  })

  it('takes away what a former run may have left, when its goal names none', () =>
    assert.deepEqual(
      actionsIn(stateWith(undefined)).map(({ reason }) => reason),
      ['this run of the agent does not know what roads there are'],
    ))

  it('lays none on a machine that is alone, or whose guests share its network', () => {
    assert.deepEqual(actionsIn(stateWith([road], {})), [])
    assert.deepEqual(actionsIn(stateWith([road], machine, false)), [])
  })

  it('lays none any more when the host ends, though their links have moved', () => {
    const ends = hostAgent.receive(after(stateWith([road]), fine), { kind: 'power', power: 'off' }, now).state
    const { state } = hostAgent.receive(ends, { kind: 'roadsMoved' }, now)
    assert.deepEqual(actionsIn(state), [])
  })

  it('lays nothing again until a machine comes or goes, a peer is another, or the machine’s links have moved', () => {
    const laid = after(stateWith([road]), fine)
    assert.deepEqual(actionsIn(laid), [])
    const receive = (message: Parameters<typeof hostAgent.receive>[1]) => hostAgent.receive(laid, message, now)
    const goal = { ...laid.goal, version: 2 }
    for (const message of [
      { kind: 'goal', goal: { ...goal, roads: [] } },
      { kind: 'goal', goal: { ...goal, instances: [] } },
      { kind: 'roadsMoved' },
    ] as const) {
      const { state, touched } = receive(message)
      assert.ok(touched.includes('roads'))
      assert.equal(actionsIn(state).length, 1, message.kind)
    }
    const same = receive({ kind: 'goal', goal })
    assert.deepEqual(actionsIn(same.state), [])
  })

  it('tries again after a while when something is wrong, later and later, and at once when another road is wanted', () => {
    const first = after(stateWith([road]), narrow)
    const [, pause = 0, longer = 0] = timers.recycleDelays
    assert.deepEqual(decide(first, 'roads', now), { actions: [], wakeAt: now + pause })
    const second = after(first, { kind: 'failed', fault: { code: 'RoadsNotLaid', message: 'No nft.' } }, now + pause)
    assert.deepEqual(decide(second, 'roads', now + pause), { actions: [], wakeAt: now + pause + longer })
    assert.deepEqual(second.roads.troubles, ['No nft.'])
    const other = hostAgent.receive(second, { kind: 'goal', goal: { ...second.goal, version: 2, roads: [] } }, now)
    assert.equal(actionsIn(other.state).length, 1)
    assert.deepEqual(after(other.state, fine).roads.troubles, [])
  })

  it('reports what is wrong with its roads once, and once that all is well', () => {
    const registered = (state: HostState): HostState => ({
      ...state,
      reporting: { ...state.reporting, registered: true, complete: true, lastReport: now },
    })
    const told = (state: HostState) =>
      decide(state, 'host', now).actions.flatMap((action) => (action.kind === 'report' ? [action] : []))
    const troubled = registered(after(stateWith([road]), narrow))
    const [report] = told(troubled)
    assert.deepEqual(report?.report.troubles, ['The road is narrow.'])
    const known = report && hostAgent.settle(troubled, report, { kind: 'done' }, now).state
    assert.ok(known)
    assert.ok(told(known).every(({ report: { troubles } }) => troubles === undefined))
    const [well] = told(after(known, fine, now + timers.hostLostAfter))
    assert.deepEqual(well?.report.troubles, [])
    // A machine that is alone has no word for it.
    assert.ok(told(registered(stateWith(undefined, {}))).every(({ report: one }) => !('troubles' in one)))
    assert.ok(containerId)
  })
})

describe('what a host says', () => {
  const facts = { cores: 1, memoryMB: 0, diskMB: 0, faultDomain: 0, bootId: 'b', agentRun: 'r', firstPort: 0 }
  it('of its machine’s address is taken when it is one of IPv4', () => {
    assert.deepEqual(readHostFacts({ ...facts, address: '192.0.2.1' }), { ...facts, address: '192.0.2.1' })
    assert.deepEqual(readHostFacts(facts), facts)
    for (const address of ['', '192.0.2.256', '::1', '192.0.2.1/24', '192.0.2.1\n', 7, null])
      assert.equal(readHostFacts({ ...facts, address }), undefined, String(address))
  })

  it('of its roads is taken in a few sentences, each cut', () => {
    const report = { agentRun: 'r', number: 0, goalVersion: 0, complete: true, instances: [], gone: [] }
    assert.deepEqual(readHostReport(report), report)
    const troubles = [7, 'x'.repeat(10_000), ...Array<string>(30).fill('y')]
    assert.deepEqual(readHostReport({ ...report, troubles })?.troubles, [
      'x'.repeat(8_192),
      ...Array<string>(18).fill('y'),
    ])
  })
})
