import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { BlockList, connect, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, it, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import type { AccessRule, PublicEndpoint } from '../../src/fabric/contract/rotation.ts'
import { guardOf } from '../../src/fabric/load-balancer/access.ts'
import { readSubnet } from '../../src/service-model/subnet.ts'
import { until } from '../until.ts'
import { dial, endpoint, freshVip, member, origin, planes, tcpOrigin } from './rig.ts'

const port = 18_080
const permit = (remoteSubnet: string): AccessRule => ({ action: 'permit', remoteSubnet })
const deny = (remoteSubnet: string): AccessRule => ({ action: 'deny', remoteSubnet })

const hasIpv6 = Object.values(networkInterfaces()).some((found) => found?.some(({ address }) => address === '::1'))

describe('who may come in (L-18)', () => {
  const table: readonly (readonly [
    situation: string,
    rules: readonly AccessRule[],
    inside: readonly string[],
    outside: readonly string[],
  ])[] = [
    [
      'one permit keeps all others out',
      [permit('10.0.0.0/8')],
      ['10.0.0.0', '10.255.255.255'],
      ['9.255.255.255', '127.0.0.1', '::1'],
    ],
    ['one deny lets all others in', [deny('10.0.0.0/8')], ['11.0.0.0', '::1'], ['10.0.0.1']],
    [
      'the first match decides: deny before permit',
      [deny('10.1.0.0/16'), permit('10.0.0.0/8')],
      ['10.2.0.1'],
      ['10.1.0.1', '11.0.0.1'],
    ],
    [
      'the first match decides: permit before deny',
      [permit('10.1.0.0/16'), deny('10.0.0.0/8')],
      ['10.1.0.1'],
      ['10.2.0.1', '11.0.0.1'],
    ],
    [
      'everybody of IPv4, nobody of IPv6',
      [permit('0.0.0.0/0')],
      ['0.0.0.0', '255.255.255.255', '::ffff:1.2.3.4'],
      ['::1'],
    ],
    ['everybody of IPv6, nobody of IPv4', [permit('::/0')], ['::1', 'fe80::1%eth0'], ['1.2.3.4', '::ffff:1.2.3.4']],
    [
      'one address',
      [permit('192.0.2.1/32'), permit('2001:db8::1/128')],
      ['192.0.2.1', '2001:db8::1'],
      ['192.0.2.0', '2001:db8::'],
    ],
    [
      'a prefix inside a byte',
      [permit('172.16.0.0/12'), permit('2001:db8::/33')],
      ['172.31.255.255', '2001:db8:7fff::'],
      ['172.32.0.0', '2001:db8:8000::'],
    ],
    ['bits behind the prefix', [permit('10.1.2.3/8')], ['10.9.9.9'], ['11.1.2.3']],
    ['IPv4 written as IPv6', [permit('::ffff:10.0.0.0/104')], ['10.1.1.1', '::ffff:10.1.1.1'], ['11.1.1.1', '::1']],
    ['no address at all', [deny('10.0.0.0/8')], [], ['', 'localhost', '10.0.0', '1:2']],
  ]
  for (const [situation, rules, inside, outside] of table)
    it(situation, () => {
      const guard = guardOf(rules)
      assert.deepEqual(
        inside.filter((address) => !guard(address)),
        [],
      )
      assert.deepEqual(outside.filter(guard), [])
    })

  it('finds an address in a subnet of its family where Node does', () => {
    const pair = (one: fc.Arbitrary<string>) => fc.tuple(one, fc.oneof(fc.nat(10), fc.nat(128)), one, fc.boolean())
    fc.assert(
      fc.property(fc.oneof(pair(fc.ipV4()), pair(fc.ipV6())), ([net, length, other, same]) => {
        const family = isIP(net) === 4 ? 'ipv4' : 'ipv6'
        const bits = Math.min(length, family === 'ipv4' ? 32 : 128)
        const address = same ? net : other
        const peer = new BlockList()
        peer.addSubnet(net, bits, family)
        assert.equal(guardOf([permit(`${net}/${bits}`)])(address), peer.check(address, family))
      }),
      { numRuns: 5_000 },
    )
  })

  it('knows an IPv6 address in every form that it has', () => {
    fc.assert(
      fc.property(fc.ipV6(), (written) => {
        const canonical = new URL(`http://[${written}]/`).hostname.slice(1, -1)
        assert.ok(guardOf([permit(`${written}/128`)])(canonical), `${written} is ${canonical}`)
      }),
    )
  })

  it('reads as an address what Node does, and nothing else', () => {
    const nearly = fc.stringMatching(/^[0-9a-f:.]{0,20}$/)
    fc.assert(
      fc.property(fc.oneof(nearly, fc.ipV6(), fc.ipV4()), (text) => {
        const bits = text.includes(':') ? 128 : 32
        assert.equal(readSubnet(`${text}/${bits}`) !== undefined, isIP(text) !== 0, text)
      }),
      { numRuns: 5_000 },
    )
  })

  it('knows what is no subnet', () => {
    for (const text of [
      '10.0.0.0',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/-1',
      '010.0.0.0/8',
      '10.0.0.0/8 ',
      '1::2::3/8',
      ':::/8',
      '1:2:3:4:5:6:7:8:9/8',
      'fe80::1%eth0/64',
      '::1.2.3/8',
      '/8',
      '',
    ])
      assert.equal(readSubnet(text), undefined, text)
  })
})

/** What a client from that address sees: bytes that came, or how its connection ended. */
async function knock(vip: string, localAddress: string, words = ''): Promise<string> {
  const socket = connect({ host: vip, port, localAddress })
  return new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.once('data', (bytes) => resolve(String(bytes)))
    socket.once('end', () => resolve('end'))
    socket.write(words)
  }).finally(() => socket.destroy())
}

/** A client from that address, and whether its connection stands. */
async function stay(t: TestContext, vip: string, localAddress: string) {
  const socket = connect({ host: vip, port, localAddress })
  t.after(() => socket.destroy())
  let ended: string | undefined
  let came = ''
  socket.on('error', (error: NodeJS.ErrnoException) => {
    ended = error.code
  })
  socket.on('data', (bytes) => {
    came += bytes
  })
  await once(socket, 'connect')
  return { socket, ended: () => ended, came: () => came }
}

for (const { how, startPlane } of planes)
  describe(`access rules of an endpoint, plane ${how}`, () => {
    const office = [permit('127.9.0.0/16')]

    for (const protocol of ['tcp', 'https', 'http'] as const)
      it(`reset a client of a ${protocol} endpoint that they do not permit before any byte`, async (t) => {
        const { plane } = startPlane(t)
        const vip = freshVip()
        let connections = 0
        const at =
          protocol === 'http'
            ? (await origin(t, (_, answer) => answer.end('hello'))).port
            : await tcpOrigin(t, (socket) => {
                connections++
                socket.write('hello')
              })
        await plane.serve([endpoint({ protocol, vip, acl: office, members: [member('a', at)] })])
        const request = protocol === 'http' ? 'GET / HTTP/1.0\r\n\r\n' : ''
        assert.equal(await knock(vip, '127.8.0.1', request), 'ECONNRESET')
        assert.equal(connections, 0)
        assert.match(await knock(vip, '127.9.0.1', request), /hello$/)
      })

    it('hold for clients of IPv6', { skip: hasIpv6 ? false : 'this machine has no ::1' }, async (t) => {
      const { plane } = startPlane(t)
      const at = await tcpOrigin(t, (socket) => socket.write('hello'))
      const served = (acl: PublicEndpoint['acl']) =>
        endpoint({ protocol: 'tcp', vip: '::1', acl, members: [member('a', at)] })
      assert.deepEqual((await plane.serve([served([permit('::1/128')])])).failed, {})
      assert.equal(await knock('::1', '::1'), 'hello')
      await plane.serve([served([permit('2001:db8::/32')])])
      assert.equal(await knock('::1', '::1'), 'ECONNRESET')
    })

    it('that change cut off who is not permitted any more, and nobody else', async (t) => {
      const { plane } = startPlane(t)
      const [tcpVip, httpVip] = [freshVip(), freshVip()]
      const echo = await tcpOrigin(t, (socket) => socket.pipe(socket))
      const web = await origin(t, (_, answer) => answer.write('begun'))
      const served = (acl: PublicEndpoint['acl']) => [
        endpoint({ id: 'tcp', protocol: 'tcp', vip: tcpVip, acl, members: [member('a', echo)] }),
        endpoint({ id: 'http', vip: httpVip, acl, members: [member('b', web.port)] }),
      ]
      await plane.serve(served(undefined))
      const inside = await stay(t, tcpVip, '127.9.0.1')
      const outside = await stay(t, tcpVip, '127.8.0.1')
      const reading = await stay(t, httpVip, '127.8.0.1')
      const idle = await stay(t, httpVip, '127.8.0.1')
      reading.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await until(() => reading.came().includes('begun'), 'the answer to begin')
      await plane.serve(served([deny('127.8.0.0/16')]))
      await until(() => [outside, reading, idle].every(({ ended }) => ended() === 'ECONNRESET'), 'three resets')
      inside.socket.write('still here')
      await until(() => inside.came() === 'still here', 'the echo')
      await plane.serve(served(undefined))
      assert.match(await knock(httpVip, '127.8.0.1', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), /begun/)
    })

    it('belong to one endpoint: its neighbour lets everybody in', async (t) => {
      const { plane } = startPlane(t)
      const [closed, open] = [freshVip(), freshVip()]
      const at = await tcpOrigin(t, (socket) => socket.write('hello'))
      await plane.serve([
        endpoint({ id: 'closed', protocol: 'tcp', vip: closed, acl: office, members: [member('a', at)] }),
        endpoint({ id: 'open', protocol: 'tcp', vip: open, members: [member('a', at)] }),
      ])
      assert.deepEqual(await Promise.all([closed, open].map((vip) => knock(vip, '127.8.0.1'))), ['ECONNRESET', 'hello'])
    })

    it('see the address of whoever connects to the shared address too, for http and https', async (t) => {
      const localhost = freshVip()
      const { plane } = startPlane(t, {}, localhost)
      const { port: at } = await origin(t, (_, answer) => answer.end('hello'))
      const named = (acl: PublicEndpoint['acl']) => [
        endpoint({ vip: freshVip(), hostNames: ['one.localhost'], acl, members: [member('a', at)] }),
      ]
      const get = 'GET / HTTP/1.1\r\nHost: one.localhost\r\n\r\n'
      await plane.serve(named(office))
      assert.equal(await knock(localhost, '127.8.0.1', get), 'ECONNRESET')
      assert.match(await knock(localhost, '127.9.0.1', get), /hello/)
      const wire = await dial(t, localhost)
      await plane.serve(named([permit('127.0.0.1/32')]))
      wire.socket.write(get)
      await wire.see('hello')
    })

    it('drop the datagrams of a client that they do not permit, those of its flow included', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const came: string[] = []
      const role = createSocket('udp4').bind(0, '127.0.0.1')
      await once(role, 'listening')
      t.after(() => void role.close())
      role.on('message', (datagram, from) => {
        came.push(String(datagram))
        role.send(`answer to ${datagram.toString()}`, from.port, from.address)
      })
      const client = async (address: string) => {
        const socket = createSocket('udp4').bind(0, address)
        await once(socket, 'listening')
        t.after(() => void socket.close())
        const answers: string[] = []
        socket.on('message', (datagram) => answers.push(String(datagram)))
        /** Says it until it is answered: a datagram may be lost. */
        const ask = (words: string) =>
          until(() => {
            socket.send(words, port, vip)
            return answers.includes(`answer to ${words}`)
          }, `an answer to ${words}`)
        return { answers, ask, send: (words: string) => socket.send(words, port, vip) }
      }
      const served = (acl: PublicEndpoint['acl']) =>
        plane.serve([endpoint({ protocol: 'udp', vip, acl, members: [member('a', role.address().port)] })])
      await served(undefined)
      const [inside, outside] = [await client('127.9.0.1'), await client('127.8.0.1')]
      await outside.ask('before')
      await served(office)
      outside.send('refused')
      await inside.ask('permitted')
      await served(undefined)
      await outside.ask('after')
      assert.ok(!came.includes('refused'))
    })
  })
