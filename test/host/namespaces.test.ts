/** What the namespace driver gives a guest, and keeps from it (design.md 4, 8). Foreign programs look: ip, nft, and what runs inside. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { processesOf } from '../../src/machine/guest/guest-processes.ts'
import { cgroupVersion } from '../../src/machine/guest/namespace/cgroups.ts'
import { blobPort, guestNetworkOf } from '../../src/machine/guest/namespace/guest-network.ts'
import { outwardInterfaces } from '../../src/machine/guest/namespace/outward.ts'
import { closeNetworks } from '../../src/machine/guest/namespace/sweep.ts'
import { get } from '../end-to-end/house.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { leftOf } from './left-of.ts'
import { fabricOf, type MadeGuest, realGuests, said } from './real-guests.ts'

const skip = rungs.find(({ isolation }) => isolation === 'namespace')?.skip ?? false

const fabric = fabricOf(253)
const wireAddress = `127.${fabric}.0.10`
const network = guestNetworkOf(wireAddress)
const guests = realGuests('namespace', fabric)
const { driver, directory, programs, running, make: guestWith } = guests

beforeEach(() => guests.begin())
afterEach(guests.end)

/** A server of Node on all addresses that answers with a word. */
const serve = (port: number, word: string) =>
  `"$REDDOG_NODE" -e 'require("http").createServer((_, a) => a.end("${word}")).listen(${port}, () => require("fs").writeFileSync("c/serves", ""))' & until [ -e c/serves ]; do sleep 0.05; done`

/** Asks from inside, and writes what came, or that nothing did. */
const ask = (url: string, file: string) =>
  `"$REDDOG_NODE" -e 'fetch("${url}", { signal: AbortSignal.timeout(2000) }).then((r) => r.text()).catch(() => "nothing").then((t) => require("fs").writeFileSync("c/${file}", t))'`

/** Prints what the wire server answers. */
const askWire = `fetch('http://168.63.129.16/').then((r) => r.text()).then((t) => process.stdout.write(t))`

describe('guests in namespaces', { skip }, () => {
  before(driver.open)
  after(driver.close)

  it('listen on all addresses and on one port below 1024, and are reached at their own', async () => {
    const [one, two] = [await guestWith(1, serve(80, 'one')), await guestWith(2, serve(80, 'two'))]
    assert.equal(await get(`http://${one.address}/`), 'one')
    assert.equal(await get(`http://${two.address}/`), 'two')
  })

  it('see their own files and processes alone, on a system that is only read', async () => {
    const neighbour = await guestWith(1, 'echo secret > c/secret; chmod 644 c/secret; echo mine > /tmp/mine')
    const guest = await guestWith(
      2,
      `cat ${neighbour.root}/c/secret > c/stolen 2>&1
       ls ${directory()} > c/above
       ls /proc | grep -c '^[0-9]' > c/processes
       touch /usr/planted /etc/planted ${programs()}/planted guest.json 2> c/refused
       echo mine > /tmp/mine; ls /tmp > c/temporary
       id -u > c/uid; grep CapBnd /proc/self/status > c/rights`,
    )
    assert.match(said(guest, 'stolen'), /No such file/)
    assert.doesNotMatch(said(guest, 'above'), /other|trust/)
    assert.ok(Number(said(guest, 'processes')) < 8)
    for (const path of ['/usr/planted', '/etc/planted', 'guest.json'])
      assert.match(said(guest, 'refused'), new RegExp(path))
    assert.match(said(guest, 'temporary'), /^mine$/m)
    // Without accounts to give, one that is nobody outside (sandbox.ts).
    assert.equal(said(guest, 'uid'), String(guest.uid ?? 200_000))
    assert.match(said(guest, 'rights'), /\t0+$/)
  })

  it('reach their own wire server at the well-known address, and nothing else of the machine', async () => {
    const peers: (string | undefined)[] = []
    const wire = createServer(({ socket }, answer) => {
      peers.push(socket.remoteAddress)
      answer.end('wire')
    }).listen(0, wireAddress)
    const other = createServer((_, answer) => answer.end('other')).listen(0, '0.0.0.0')
    await Promise.all([once(wire, 'listening'), once(other, 'listening')])
    const { port } = other.address() as AddressInfo
    const outward = execFileSync('hostname', ['-I'], { encoding: 'utf8' }).split(' ')[0] as string
    try {
      const guest = await guestWith(
        3,
        [
          ask('http://168.63.129.16/', 'wire'),
          ask(`http://169.254.1.1:${port}/`, 'link'),
          ask(`http://${outward}:${port}/`, 'outward'),
          ask(`http://168.63.129.16:${port}/`, 'well-known'),
        ].join('\n'),
        {},
        (wire.address() as AddressInfo).port,
      )
      assert.equal(said(guest, 'wire'), 'wire')
      assert.deepEqual(peers, [guest.address])
      for (const file of ['link', 'outward', 'well-known']) assert.equal(said(guest, file), 'nothing', file)
    } finally {
      for (const server of [wire, other]) server.close()
    }
  })

  it('reach the VIPs and the Blob service of their fabric, and of the machine not what listens there on all addresses', async () => {
    const serveAt = async (address: string, port: number) => {
      const server = createServer(({ socket }, answer) => answer.end(socket.remoteAddress)).listen(port, address)
      await once(server, 'listening')
      return { server, port: (server.address() as AddressInfo).port }
    }
    const [vip, lastVip, blobs, beside, controller, everywhere] = await Promise.all([
      serveAt(`127.${fabric}.1.1`, 80),
      serveAt(`127.${fabric}.15.254`, 0),
      serveAt(network.blobAddress, blobPort),
      serveAt(network.blobAddress, 0),
      serveAt(`127.${fabric}.0.2`, 0),
      serveAt('0.0.0.0', 0),
    ])
    const open = [`127.${fabric}.1.1`, `127.${fabric}.15.254:${lastVip.port}`, `${network.blobAddress}:${blobPort}`]
    const closed = [
      `${network.blobAddress}:${beside.port}`,
      `127.${fabric}.0.2:${controller.port}`,
      ...[1, 2, 15].map((third) => `127.${fabric}.${third}.1:${everywhere.port}`),
      ...['127.0.0.1', `127.${fabric}.0.10`, `127.${fabric}.0.3`].map((address) => `${address}:${everywhere.port}`),
    ]
    try {
      const all = [...open, ...closed]
      const guest = await guestWith(14, all.map((at, index) => ask(`http://${at}/`, `reached${index}`)).join('\n'))
      assert.deepEqual(
        all.map((_, index) => said(guest, `reached${index}`)),
        [...open.map(() => guest.address), ...closed.map(() => 'nothing')],
      )
    } finally {
      for (const { server } of [vip, lastVip, blobs, beside, controller, everywhere]) server.close()
    }
  })

  it('are reached at their declared ports alone, by the machine and by one another (A-27)', async () => {
    const one = await guestWith(7, `${serve(81, 'open')}; rm c/serves; ${serve(82, 'closed')}`)
    const two = await guestWith(
      8,
      [ask(`http://${one.address}:81/`, 'open'), ask(`http://${one.address}:82/`, 'closed')].join('\n'),
    )
    assert.equal(await get(`http://${one.address}:81/`), 'open')
    await assert.rejects(get(`http://${one.address}:82/`), /ECONNREFUSED/)
    assert.deepEqual([said(two, 'open'), said(two, 'closed')], ['open', 'nothing'])
    await driver.openPorts({ ...one, open: [{ protocol: 'any', first: 82, last: 82, callers: [] }] })
    assert.equal(await get(`http://${one.address}:82/`), 'closed')
    await assert.rejects(get(`http://${one.address}:81/`), /ECONNREFUSED/)
  })

  it('are called by the roles of their deployment that may, and by no other guest (A-28)', async () => {
    const called = await guestWith(9, `${serve(80, 'all')}; rm c/serves; ${serve(81, 'some')}`, {
      open: [
        { protocol: 'tcp', first: 80, last: 80, callers: ['Worker', 'Web'] },
        { protocol: 'tcp', first: 81, last: 81, callers: ['Web'] },
      ],
    })
    const tries = [80, 81].map((port) => ask(`http://${called.address}:${port}/`, String(port))).join('\n')
    const by = async (number: number, deploymentId: string, role: string) => {
      const caller = await guestWith(number, tries, { owner: { deploymentId, role } })
      return [said(caller, '80'), said(caller, '81')]
    }
    assert.deepEqual(await by(10, 'deployment', 'Worker'), ['all', 'nothing'])
    assert.deepEqual(await by(11, 'deployment', 'Web'), ['all', 'some'])
    assert.deepEqual(await by(12, 'other', 'Web'), ['nothing', 'nothing'])
    await driver.openPorts({ ...called, open: [{ protocol: 'tcp', first: 81, last: 81, callers: ['Worker'] }] })
    assert.deepEqual(await by(13, 'deployment', 'Worker'), ['nothing', 'some'])
  })

  it('are held to their rules again, and reach their wire server, when somebody has cleared the rules of the machine', async () => {
    const wire = createServer((_, answer) => answer.end('wire')).listen(0, wireAddress)
    await once(wire, 'listening')
    const clear = () => execFileSync('/usr/sbin/nft', ['delete', 'table', 'ip', network.name])
    try {
      const { port } = wire.address() as AddressInfo
      const one = await guestWith(15, `${serve(81, 'open')}; rm c/serves; ${serve(82, 'closed')}`, {}, port)
      const { first } = running().at(-1) as MadeGuest
      const isAsBefore = async () => {
        assert.equal(await get(`http://${one.address}:81/`), 'open')
        await assert.rejects(get(`http://${one.address}:82/`), /ECONNREFUSED/)
        const asked = spawn('nsenter', ['-t', String(first.identity.pid), '-n', process.execPath, '--eval', askWire])
        assert.equal(await text(asked.stdout), 'wire')
      }
      await isAsBefore()
      assert.equal(await driver.restore(), false)
      clear()
      assert.equal(await driver.restore(), true)
      await isAsBefore()
      assert.equal(await driver.restore(), false)
      clear()
      const two = await guestWith(16, ':')
      await isAsBefore()
      clear()
      await driver.openPorts({ ...two, open: [] })
      await isAsBefore()
      clear()
      await driver.stop(two, running().at(-1)?.first.identity, 0)
      await driver.remove(two)
      await isAsBefore()
      assert.equal(await driver.restore(), true)
      clear()
    } finally {
      wire.close()
    }
  })

  it('end with their first process, daemons too', async () => {
    const guest = await guestWith(4, 'setsid sh -c "sleep 1000" & setsid sh -c "trap : TERM HUP; sleep 1000" &')
    const { first } = running()[0] as MadeGuest
    assert.ok(processesOf(guest).length >= 4)
    process.kill(first.identity.pid, 'SIGKILL')
    await first.exited
    await until(async () => processesOf(guest).length === 0, 'all of the guest has ended')
  })

  it('are held to the limits of their size', {
    skip: cgroupVersion() === undefined && 'control groups cannot be written here',
  }, async () => {
    await guestWith(5, ':')
    const limits = globSync([`/sys/fs/cgroup/${network.name}/*/*`, `/sys/fs/cgroup/*/${network.name}/*/*`])
    const value = (file: RegExp) => readFileSync(limits.find((path) => file.test(path)) as string, 'utf8').trim()
    assert.equal(value(/memory\.(max|limit_in_bytes)$/), String(768 * 1024 * 1024))
    assert.equal(value(/pids\.max$/), '1024')
    assert.match(value(/cpu\.(max|cfs_quota_us)$/), /^100000/)
  })

  it('count for as much as their cores, also together: one process of another program takes no more than its part', {
    skip: cgroupVersion() === undefined && 'control groups cannot be written here',
  }, async () => {
    for (const number of [5, 6]) await guestWith(number, ':')
    const [host, ...guests] = ['', '/*'].flatMap((below) =>
      globSync(`/sys/fs/cgroup{/cpu,}/${network.name}${below}/cpu.{shares,weight}`).map((file) =>
        Number(readFileSync(file, 'utf8')),
      ),
    )
    assert.ok(guests.length > 1)
    assert.equal(
      host,
      guests.reduce((sum, weight) => sum + weight),
    )
  })

  it('leave nothing behind, also when nobody has taken leave of them', async () => {
    await guestWith(6, ':')
    const { guest, first } = running()[0] as MadeGuest
    assert.notDeepEqual(leftOf(fabric), [])
    process.kill(first.identity.pid, 'SIGKILL')
    await first.exited
    await closeNetworks(fabric)
    assert.deepEqual(leftOf(fabric), [])
    await driver.open()
    await driver.stop(guest, first.identity, 0)
    await driver.remove(guest)
    assert.ok((await forwardingNow()).every((line) => line.endsWith(' 1')))
    await driver.close()
    assert.deepEqual(leftOf(fabric), [])
    assert.doesNotMatch(readFileSync('/proc/self/mounts', 'utf8'), new RegExp(directory()))
    await driver.open()
  })
})

describe('forwarding on the way out', { skip }, () => {
  // A network of the test's own, so that no other fabric of this machine takes part.
  const alone = (script: string) =>
    execFileSync('unshare', ['--net', process.execPath, '--input-type=module', '--eval', script], { encoding: 'utf8' })

  it('is put back once when several fabrics end in one moment, and none of them complains', () => {
    const source = join(import.meta.dirname, '../../src/machine/guest/namespace/forwarding.ts')
    const printed = alone(`
      import { execFileSync } from 'node:child_process'
      import { readFileSync } from 'node:fs'
      import { endForwarding, forwardOutward } from ${JSON.stringify(source)}
      const ip = (words) => execFileSync('/usr/sbin/ip', words.split(' '))
      const now = () => readFileSync('/proc/sys/net/ipv4/conf/out0/forwarding', 'utf8').trim()
      ip('link add out0 type veth peer name other0'); ip('addr add 192.0.2.1/24 dev out0'); ip('link set out0 up'); ip('link set other0 up')
      ip('route add default via 192.0.2.2')
      const seen = [now()]
      await forwardOutward()
      seen.push(now())
      await Promise.all(Array.from({ length: 8 }, endForwarding))
      console.log(...seen, now(), execFileSync('/usr/sbin/nft', ['list', 'tables'], { encoding: 'utf8' }))`)
    assert.equal(printed.trim(), '0 1 0')
  })
})

/** Whether each interface of the default routes passes packets on. */
async function forwardingNow(): Promise<readonly string[]> {
  const names = await outwardInterfaces()
  return names.map((name) => `${name} ${readFileSync(`/proc/sys/net/ipv4/conf/${name}/forwarding`, 'utf8').trim()}`)
}
