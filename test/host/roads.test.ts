/** Guests of several machines: what reaches whom on the roads between them, and what nobody can. Machines are network namespaces. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import {
  fabric,
  type Guest,
  type Machine,
  type Net,
  Networks,
  switchIn,
  tcp,
  udp,
  unanswered,
} from './roads/networks.ts'

const skip = process.getuid?.() === 0 ? rungs[1].skip : 'only root has machines of its own'

const nets = new Networks()
const addresses = { a: '192.0.2.1', b: '192.0.2.2', c: '198.51.100.3', stranger: '192.0.2.9' }
const open = [
  { protocol: 'any', first: 80, last: 80, callers: ['Worker'] },
  { protocol: 'any', first: 81, last: 81, callers: [] },
] as const

describe('the roads between machines', { skip }, () => {
  let [a, b, c] = [] as unknown as readonly [Machine, Machine, Machine]
  let [stranger, router] = [] as unknown as readonly [Net, Net]
  let [web, worker, other, far] = [] as unknown as readonly [Guest, Guest, Guest, Guest]

  const road = ({ name, subnet }: Machine, address: string) => ({ name, subnet, address })
  const peer = ({ address, owner }: Guest) => ({ address, owner })
  const roadsOf = (machine: Machine) =>
    [road(a, addresses.a), road(b, addresses.b), road(c, addresses.c)].filter(({ name }) => name !== machine.name)
  const lay = (machine: Machine, guests: readonly Guest[]) =>
    machine.do('lay', {
      address: { [a.name]: addresses.a, [b.name]: addresses.b, [c.name]: addresses.c }[machine.name],
      roads: roadsOf(machine),
      peers: [web, worker, other, far]
        .filter(({ address }) => !guests.some((one) => one.address === address))
        .map(peer),
      guests: guests.map(({ address, process }) => ({ address, process })),
    })
  const layAll = async () => [await lay(a, [web]), await lay(b, [worker, other]), await lay(c, [far])]

  before(async () => {
    const [near, away] = [await nets.net(), await nets.net()]
    ;[stranger, router] = [await nets.net(), await nets.net()]
    ;[a, b, c] = [await nets.machine(10), await nets.machine(11), await nets.machine(12)]
    const [plugNear, plugAway] = [switchIn(near), switchIn(away)]
    plugNear(a, 'lan0', `${addresses.a}/24`)
    plugNear(b, 'lan0', `${addresses.b}/24`)
    plugNear(stranger, 'lan0', `${addresses.stranger}/24`)
    plugNear(router, 'near', '192.0.2.254/24')
    plugAway(router, 'away', '198.51.100.254/24')
    plugAway(c, 'lan0', `${addresses.c}/24`)
    router.sh('echo 1 > /proc/sys/net/ipv4/ip_forward')
    for (const net of [a, b, stranger]) net.sh('ip route add default via 192.0.2.254')
    c.sh('ip route add default via 198.51.100.254')
    for (const machine of [a, b, c]) await machine.do('open')
    const made = (on: Machine, number: number, deploymentId: string, role: string) =>
      nets.guest(on, number, [80, 81, 82], { owner: { deploymentId, role }, open })
    web = await made(a, 1, 'd', 'Web')
    worker = await made(b, 1, 'd', 'Worker')
    other = await made(b, 2, 'e', 'Worker')
    far = await made(c, 1, 'd', 'Worker')
    assert.deepEqual(await layAll(), [[], [], []])
  })
  after(() => nets.end())

  for (const [kind, ask] of Object.entries({ TCP: tcp, UDP: udp })) {
    it(`carry ${kind} between guests, each seen by its own address, on one segment and over a router`, async () => {
      assert.equal(await ask(worker, web.address, 80), worker.address)
      assert.equal(await ask(far, web.address, 80), far.address)
      assert.equal(await ask(far, worker.address, 80), far.address)
      assert.equal(await ask(worker, far.address, 80), worker.address)
    })

    it(`let a machine in at the open ports by ${kind}, as its balancer comes, and a guest only where its role may (A-28)`, async () => {
      assert.equal(await ask(b, web.address, 81), b.machine)
      assert.equal(await ask(c, web.address, 80), c.machine)
      for (const [from, port] of [
        [worker, 81],
        [worker, 82],
        [far, 82],
        [other, 80],
        [b, 82],
      ] as const)
        if (kind === 'TCP') assert.equal(await tcp(from, web.address, port), 'ECONNREFUSED', `${port}`)
        else assert.equal(await unanswered.udp(from, web.address, port), 'silence', `${port}`)
    })
  }

  it('let nobody from outside of the fabric in, whatever address he takes', async () => {
    stranger.sh(`ip route add 10.${fabric}.0.0/16 via ${addresses.a}
      ip address add 10.${fabric}.77.5/32 dev lo; ip address add ${far.address}/32 dev lo`)
    b.sh(`ip address add ${far.address}/32 dev lo`)
    router.sh(`ip address add 10.${fabric}.11.77/32 dev lo`)
    c.sh(`ip address add 10.${fabric}.11.78/32 dev lo`)
    try {
      const heard = web.heard.length
      assert.equal(await unanswered.tcp(stranger, web.address, 80), 'silence')
      // No machine has that subnet.
      assert.equal(await unanswered.udp(stranger, web.address, 80, `10.${fabric}.77.5`), 'silence')
      // Guests of that subnet come by another road.
      assert.equal(await unanswered.udp(stranger, web.address, 80, far.address), 'silence')
      assert.equal(await unanswered.udp(b, web.address, 80, far.address), 'silence')
      assert.equal(await unanswered.udp(c, web.address, 80, `10.${fabric}.11.78`), 'silence')
      assert.equal(web.heard.length, heard)
    } finally {
      b.sh(`ip address delete ${far.address}/32 dev lo`)
      c.sh(`ip address delete 10.${fabric}.11.78/32 dev lo`)
    }
  })

  it('take wrapped packets from machines of the fabric alone', async () => {
    const heard = web.heard.length
    const wrap = (from: string) => `ip link add wrap type vxlan id ${fabric} dstport 9447 local ${from} nolearning
      ip link set wrap up; ip neighbour replace 10.${fabric}.10.0 lladdr 02:00:0a:f9:0a:00 dev wrap nud permanent
      bridge fdb append 02:00:0a:f9:0a:00 dev wrap dst ${addresses.a}
      ip route replace 10.${fabric}.10.0/24 via 10.${fabric}.10.0 dev wrap onlink`
    stranger.sh(`ip address replace 10.${fabric}.12.9/32 dev lo; ${wrap(addresses.stranger)}`)
    assert.equal(await unanswered.udp(stranger, web.address, 81, `10.${fabric}.12.9`), 'silence')
    assert.equal(await udp(c, web.address, 81), c.machine)
    assert.deepEqual(
      web.heard.slice(heard).map(({ from }) => from),
      [c.machine],
    )
  })

  it('lead to guests, and to nothing else of the machines', async () => {
    for (const from of [worker, far, b, c]) assert.match(await tcp(from, a.machine, 22), /ECONNREFUSED/)
  })

  it('carry as long packets as fit, and no longer ones are sent', async () => {
    const mtu = (net: Net, link: string) => JSON.parse(net.in('ip', '-json', 'link', 'show', link))[0].mtu
    assert.deepEqual([mtu(a, `rd${fabric}-vx`), mtu(web, 'eth0'), mtu(a, `rd${fabric}-10-1`)], [1_450, 1_450, 1_450])
    assert.equal(await udp(far, web.address, 80, undefined, 'Buffer.alloc(1422)'), far.address)
    assert.equal(web.heard.at(-1)?.bytes, 1_422)
  })

  it('are as narrow as the routers on the way, and say so', async () => {
    const mtu = (net: Net, link: string) => JSON.parse(net.in('ip', '-json', 'link', 'show', link))[0].mtu
    router.sh('ip link set away mtu 1400')
    c.sh('ip link set lan0 mtu 1400')
    assert.match((await lay(a, [web])).join(), /198\.51\.100\.3, the machine of host12, let packets of 1400 bytes pass/)
    await lay(c, [far])
    assert.deepEqual([mtu(a, `rd${fabric}-vx`), mtu(web, 'eth0'), mtu(far, 'eth0')], [1_350, 1_350, 1_350])
    assert.equal(await udp(far, web.address, 80, undefined, 'Buffer.alloc(1322)'), far.address)
    router.sh('ip link set away mtu 1500')
    c.sh('ip link set lan0 mtu 1500')
    a.sh('ip route flush cache')
    assert.deepEqual(await lay(a, [web]), [])
    assert.deepEqual(await lay(c, [far]), [])
    assert.equal(mtu(web, 'eth0'), 1_450)
  })

  it('are no way to VIPs on links: guests reach them at their own machine where they stand there, else as others do', async () => {
    const [here, there] = ['192.0.2.101', '192.0.2.102']
    a.sh(`ip address add ${here}/32 dev lo`)
    b.sh(`ip address add ${there}/32 dev lan0`)
    await nets.server(a, `${here}:80`, '0.0.0.0:81')
    await nets.server(b, `${there}:80`)
    assert.equal(await tcp(web, here, 80), web.address)
    assert.equal(await tcp(web, here, 81), 'ECONNREFUSED')
    assert.equal(await tcp(web, there, 80), addresses.a)
    assert.equal(await tcp(worker, there, 80), worker.address)
  })

  it('are as they were after a restart of the Host Agent, and passed meanwhile', async () => {
    const before = rulesOf(a)
    await a.do('restart')
    assert.equal(await tcp(far, web.address, 80), far.address)
    assert.equal(await tcp(worker, web.address, 80), worker.address)
    assert.deepEqual(await lay(a, [web]), [])
    assert.equal(rulesOf(a), before)
    assert.equal(await a.do('stand'), true)
  })

  it('are missed when their link goes down, and laid again when it is back', async () => {
    a.sh('ip link set lan0 down')
    assert.equal(await a.do('stand'), false)
    const troubles = await lay(a, [web])
    assert.match(troubles.join(), /No link of this machine that is up has the address 192\.0\.2\.1/)
    a.sh('ip link set lan0 up; ip route replace default via 192.0.2.254')
    await until(async () => (await lay(a, [web])).length === 0, 'the roads are laid')
    assert.equal(await a.do('stand'), true)
    assert.equal(await tcp(worker, web.address, 80), worker.address)
    assert.equal(await tcp(far, web.address, 80), far.address)
  })

  it('have the true source also where the machine translates all that leaves it', async () => {
    a.sh(`nft 'add table ip nat; add chain ip nat post { type nat hook postrouting priority srcnat; }
      add rule ip nat post oifname "lan0" masquerade'`)
    try {
      assert.equal(await tcp(web, worker.address, 82), 'ECONNREFUSED')
      assert.equal(await tcp(a, worker.address, 81), a.machine)
      const heard = worker.heard.length
      await udp(a, worker.address, 81)
      assert.deepEqual(
        worker.heard.slice(heard).map(({ from }) => from),
        [a.machine],
      )
    } finally {
      a.sh('nft delete table ip nat')
    }
  })

  it('leave forwarding and rules of others as they are, such as Docker’s', async () => {
    const container = await nets.net()
    b.sh(`ip link add docker0 type bridge; ip address add 172.17.0.1/16 dev docker0; ip link set docker0 up
      ip link add veth1 type veth peer name eth0 netns ${container.pid}; ip link set veth1 master docker0 up
      echo 1 > /proc/sys/net/ipv4/ip_forward
      nft -f - <<'.'
add table ip filter
add chain ip filter FORWARD { type filter hook forward priority filter; policy drop; }
add chain ip filter DOCKER-USER
add rule ip filter FORWARD jump DOCKER-USER
add rule ip filter FORWARD oifname "docker0" ct state established,related accept
add rule ip filter FORWARD iifname "docker0" oifname != "docker0" accept
add rule ip filter DOCKER-USER return
.`)
    container.sh(
      'ip link set lo up; ip address add 172.17.0.2/16 dev eth0; ip link set eth0 up; ip route add default via 172.17.0.1',
    )
    router.sh('ip route add 172.17.0.0/16 via 192.0.2.2')
    const foreign = () => b.sh('nft list table ip filter; ip -o link show docker0; ip route show dev docker0')
    const before = foreign()
    // Beside the roads: as without them.
    const reaches = async () => [
      await tcp(container, '192.0.2.254', 9),
      await unanswered.tcp(router, '172.17.0.2', 9),
      await unanswered.tcp(container, web.address, 80),
    ]
    const seen = await reaches()
    assert.deepEqual(seen.slice(0, 2), ['ECONNREFUSED', 'silence'])
    assert.notEqual(seen[2], '172.17.0.2')
    const troubles = await lay(b, [worker, other])
    assert.match(troubles.join(), /chain FORWARD of table filter drops.*DOCKER-USER/s)
    assert.equal(await unanswered.tcp(worker, web.address, 80), 'silence')
    b.sh(`nft insert rule ip filter DOCKER-USER ip saddr 10.${fabric}.0.0/16 accept
      nft insert rule ip filter DOCKER-USER ip daddr 10.${fabric}.0.0/16 accept`)
    assert.equal(await tcp(worker, web.address, 80), worker.address)
    b.sh('nft flush chain ip filter DOCKER-USER; nft add rule ip filter DOCKER-USER return')
    await b.do('close')
    assert.equal(foreign(), before)
    assert.deepEqual((await reaches()).slice(0, 2), seen.slice(0, 2))
    b.sh('nft delete table ip filter')
  })

  it('leave nothing when their machine goes, and others do not lead there any more', async () => {
    const routes = a.sh('ip route')
    assert.ok(routes.includes(b.subnet))
    const [first, ...rest] = roadsOf(a).filter(({ name }) => name !== b.name)
    assert.ok(first)
    await a.do('lay', { address: addresses.a, roads: [first, ...rest], peers: [peer(far)], guests: [] })
    assert.ok(!a.sh('ip route').includes(b.subnet))
    assert.equal(await tcp(far, web.address, 80), far.address)
    await a.do('lay', { address: addresses.a, roads: [], peers: [], guests: [] })
    assert.equal(await unanswered.tcp(c, web.address, 81), 'silence')
    assert.doesNotMatch(
      a.sh('ip route; ip address; bridge fdb'),
      new RegExp(`10\\.${fabric}\\.1[12]|rd${fabric}-vx|unreachable 10.${fabric}.0.0/16`),
    )
    // As whoever is ended between the interface and its routes leaves it.
    a.sh(`ip link add rd${fabric}-vx type vxlan id ${fabric} dstport 9447`)
    for (const machine of [a, b, c]) {
      await machine.do('close')
      const left = machine.sh('ip route; ip -o address; ip -o link; nft list ruleset')
      assert.doesNotMatch(left, new RegExp(`10\\.${fabric}\\.|rd${fabric}-|reddog`))
    }
    assert.equal(a.sh('cat /proc/sys/net/ipv4/conf/lan0/forwarding').trim(), '0')
  })
})

describe('the roads of a Host Agent', { skip }, () => {
  it('are laid, kept over its end, laid again, and taken away', { timeout: 120_000 }, () => {
    const inside = join(import.meta.dirname, 'fixtures/agent-with-roads.ts')
    // Another runner of tests would take its runs for its own.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const { status, stdout } = spawnSync('unshare', ['--net', process.execPath, inside], { encoding: 'utf8', env })
    assert.equal(status, 0, stdout)
  })
})

/** The rules of a machine, without what is counted. */
function rulesOf(machine: Net): string {
  const all = machine.sh('nft -s list ruleset; ip route; ip -o -4 address; bridge fdb show')
  return all.replaceAll(/^.*elements = \{ "\S+" (ct count|limit rate) over.*\n/gm, '')
}
