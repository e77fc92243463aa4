/**
 * What a road between machines takes: `node bench/roads.ts`, as root. Bytes of one TCP connection between guests of two machines, on one segment and
 * over a router, taken in turn with one between the machines themselves on the same way. Machines are network namespaces of one kernel.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Machine, type Net, Networks, switchIn } from '../test/host/roads/networks.ts'
import { median } from './statistics.ts'

const turns = 7
const turnMs = 1_000
const port = 80

const sink = `let n = 0; require('net').createServer((s) => s.on('error', () => {}).on('data', (d) => (n += d.length))).listen(${port}, '0.0.0.0', () => console.log('up'))
process.stdin.on('data', () => { console.log(n); n = 0 }); process.stdin.on('end', () => process.exit())`
const source = (to: string) =>
  `const s = require('net').connect(${port}, '${to}'), b = Buffer.alloc(262144); const go = () => { while (s.write(b)); }; s.on('drain', go).on('connect', () => (go(), console.log('up')))`

const inside = ({ pid }: Net, script: string) =>
  spawn('nsenter', ['-t', String(pid), '-n', process.execPath, '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })

/** Megabytes a second from one to the other. */
async function rate(from: Net, to: Net, address: string): Promise<number> {
  const receiver = inside(to, sink)
  await once(receiver.stdout, 'data')
  const sender = inside(from, source(address))
  await once(sender.stdout, 'data')
  const count = async () => {
    receiver.stdin.write('\n')
    return Number(String((await once(receiver.stdout, 'data'))[0]))
  }
  await count()
  const start = performance.now()
  await new Promise((resolve) => setTimeout(resolve, turnMs))
  const bytes = await count()
  const seconds = (performance.now() - start) / 1_000
  for (const child of [sender, receiver]) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return bytes / 1e6 / seconds
}

const nets = new Networks()
try {
  const [near, away, router] = [await nets.net(), await nets.net(), await nets.net()]
  const [a, b, c] = [await nets.machine(10), await nets.machine(11), await nets.machine(12)]
  const [plugNear, plugAway] = [switchIn(near), switchIn(away)]
  plugNear(a, 'lan0', '192.0.2.1/24')
  plugNear(b, 'lan0', '192.0.2.2/24')
  plugNear(router, 'near', '192.0.2.254/24')
  plugAway(router, 'away', '198.51.100.254/24')
  plugAway(c, 'lan0', '198.51.100.3/24')
  router.sh('echo 1 > /proc/sys/net/ipv4/ip_forward')
  for (const machine of [a, b]) machine.sh('ip route add default via 192.0.2.254')
  c.sh('ip route add default via 198.51.100.254')
  const all = [
    { machine: a, address: '192.0.2.1' },
    { machine: b, address: '192.0.2.2' },
    { machine: c, address: '198.51.100.3' },
  ]
  const owner = { deploymentId: 'bench', role: 'Worker' }
  const open = [{ protocol: 'tcp', first: port, last: port, callers: ['Worker'] }] as const
  const guestOn = async (machine: Machine) => {
    await machine.do('open')
    return nets.guest(machine, 1, [], { owner, open })
  }
  const [one, two, three] = [await guestOn(a), await guestOn(b), await guestOn(c)]
  const made = [one, two, three]
  for (const [index, { machine, address }] of all.entries()) {
    const others = all.filter((other) => other.machine !== machine)
    const roads = others.map((other) => ({
      name: other.machine.name,
      subnet: other.machine.subnet,
      address: other.address,
    }))
    const peers = made.flatMap((guest, of) => (of === index ? [] : [{ address: guest.address, owner }]))
    const guests = made.slice(index, index + 1).map((guest) => ({ address: guest.address, process: guest.process }))
    const troubles = await machine.do('lay', { address, roads, peers, guests })
    if (troubles.length > 0) throw new Error(troubles.join(' '))
  }
  const ways = {
    'machines, one segment': () => rate(a, b, '192.0.2.2'),
    'guests, one segment': () => rate(one, two, two.address),
    'machines, over a router': () => rate(a, c, '198.51.100.3'),
    'guests, over a router': () => rate(one, three, three.address),
  }
  const rates = new Map(Object.keys(ways).map((way) => [way, [] as number[]]))
  for (let turn = 0; turn < turns; turn += 1)
    for (const [way, measure] of Object.entries(ways)) rates.get(way)?.push(await measure())
  const middle = (way: keyof typeof ways) => median(rates.get(way) ?? [])
  const row = (plain: keyof typeof ways, road: keyof typeof ways) =>
    console.log(
      `${road}: ${middle(road).toFixed(0)} MB/s; ${plain}: ${middle(plain).toFixed(0)} MB/s; ratio ${(middle(road) / middle(plain)).toFixed(2)}`,
    )
  row('machines, one segment', 'guests, one segment')
  row('machines, over a router', 'guests, over a router')
} finally {
  await nets.end()
}
