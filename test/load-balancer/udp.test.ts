import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { until } from '../until.ts'
import { endpoint, freshVip, member, planes } from './rig.ts'

const port = 18_080

function udp(given: Parameters<typeof endpoint>[0]) {
  return endpoint({ protocol: 'udp', ...given })
}

async function bound(t: TestContext): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let open = true
  socket.on('close', () => {
    open = false
  })
  t.after(() => {
    if (open) socket.close()
  })
  return { socket, port: socket.address().port }
}

/** Answers each datagram with its name and the port that it came from: one port is one flow. */
async function echo(t: TestContext, name: string) {
  const { socket, port: at } = await bound(t)
  socket.on('message', (datagram, from) =>
    socket.send(`${name} ${datagram.toString()} ${from.port}`, from.port, from.address),
  )
  return { socket, port: at }
}

/** A client that says something until it is answered, since a datagram may be lost, and gives the answer. */
async function client(
  t: TestContext,
  vip: string,
): Promise<{ ask(words: string): Promise<string>; send(words: string): void; answers: string[] }> {
  const { socket } = await bound(t)
  const answers: string[] = []
  socket.on('message', (datagram) => answers.push(String(datagram)))
  const send = (words: string) => socket.send(words, port, vip)
  return {
    send,
    answers,
    async ask(words) {
      const before = answers.length
      await until(() => {
        send(words)
        return answers.slice(before).some((answer) => answer.split(' ')[1] === words)
      }, `an answer to "${words}"`)
      return answers.findLast((answer) => answer.split(' ')[1] === words) as string
    },
  }
}

/** A datagram of whoever may write its head: no other socket of the kernel has source port 0. */
async function sendFromPortZero(vip: string): Promise<void> {
  const program = [
    'import socket, struct, sys',
    'raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)',
    'raw.sendto(struct.pack("!HHHH", 0, int(sys.argv[2]), 12, 0) + b"zero", (sys.argv[1], 0))',
  ]
  await promisify(execFile)('python3', ['-c', program.join('\n'), vip, String(port)])
}

const withoutRoot = process.getuid?.() === 0 ? false : 'only root may write the head of a datagram'

for (const { how, startPlane } of planes)
  describe(`a udp endpoint, plane ${how} (L-14)`, () => {
    it('keeps a client with one instance, and sends each answer to whom it belongs', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const servers = await Promise.all(['a', 'b', 'c'].map((name) => echo(t, name)))
      await plane.serve([
        udp({ vip, members: servers.map((server, index) => member('abc'[index] as string, server.port)) }),
      ])
      const clients = await Promise.all(Array.from({ length: 12 }, () => client(t, vip)))
      const first = await Promise.all(clients.map((one, index) => one.ask(`first${index}`)))
      const second = await Promise.all(clients.map((one, index) => one.ask(`second${index}`)))
      const flowOf = (answer: string) => [answer.split(' ')[0], answer.split(' ')[2]].join(' ')
      assert.deepEqual(second.map(flowOf), first.map(flowOf))
      assert.equal(new Set(first.map(flowOf)).size, 12, 'each client is a flow of its own')
      assert.ok(new Set(first.map((answer) => answer[0])).size > 1, 'they are spread')
      for (const [index, one] of clients.entries())
        assert.ok(
          one.answers.every((answer) => answer.split(' ')[1]?.endsWith(String(index))),
          'nobody gets an answer of others',
        )
    })

    it('stays with an instance that drains, and leaves one that is out (L-7)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const [a, b] = await Promise.all([echo(t, 'a'), echo(t, 'b')])
      await plane.serve([udp({ vip, members: [member('a', a.port)] })])
      const one = await client(t, vip)
      await one.ask('before')
      await plane.serve([udp({ vip, members: [member('a', a.port, 'draining'), member('b', b.port)] })])
      assert.match(await one.ask('draining'), /^a /)
      assert.match(await (await client(t, vip)).ask('new'), /^b /)
      await plane.serve([udp({ vip, members: [member('a', a.port, 'out'), member('b', b.port)] })])
      assert.match(await one.ask('out'), /^b /)
    })

    it('forgets a flow that paused for the idle time-out (L-9)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const server = await echo(t, 'a')
      await plane.serve([udp({ vip, members: [member('a', server.port)], idleTimeoutMs: 100 })])
      const one = await client(t, vip)
      const flow = (await one.ask('first')).split(' ')[2]
      await until(async () => {
        await new Promise((resolve) => setTimeout(resolve, 150))
        return (await one.ask('later')).split(' ')[2] !== flow
      }, 'a new flow')
    })

    it('passes over a datagram from port 0, which nobody can be answered at, and serves on', {
      skip: withoutRoot,
    }, async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const server = await echo(t, 'a')
      const came: string[] = []
      server.socket.on('message', (datagram) => came.push(datagram.toString()))
      await plane.serve([udp({ vip, members: [member('a', server.port)] })])
      await sendFromPortZero(vip)
      // Read after it, from the same socket.
      assert.match(await (await client(t, vip)).ask('after'), /^a after /)
      assert.deepEqual([...new Set(came)], ['after'])
    })

    it('serves on when the kernel has no way to an instance: only its own datagrams are lost', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const server = await echo(t, 'a')
      // No way for a socket that has not asked for it, on whatever machine.
      const unreachable = { ...member('b', server.port), address: '255.255.255.255' }
      await plane.serve([udp({ vip, members: [unreachable] })])
      const one = await client(t, vip)
      const other = udp({ vip: freshVip(), members: [member('a', server.port)] })
      one.send('lost')
      await plane.serve([udp({ vip, members: [unreachable] }), other])
      one.send('lost too')
      assert.match(await (await client(t, other.vip)).ask('beside'), /^a beside /)
      await plane.serve([udp({ vip, members: [member('a', server.port)] })])
      assert.match(await one.ask('found'), /^a found /)
    })

    it('gives the place of the oldest client without an answer to a new one: who has an answer keeps his', async (t) => {
      const { plane } = startPlane(t, { udpFlows: 3 })
      const vip = freshVip()
      const { socket, port: at } = await bound(t)
      const came: string[] = []
      socket.on('message', (datagram, from) => {
        const words = datagram.toString()
        came.push(words)
        if (!words.startsWith('silent')) socket.send(`a ${words} ${from.port}`, from.port, from.address)
      })
      await plane.serve([udp({ vip, members: [member('a', at)] })])
      const [answered, ...silent] = await Promise.all(Array.from({ length: 3 }, () => client(t, vip)))
      assert.ok(answered)
      const flow = (await answered.ask('first')).split(' ')[2]
      for (const [index, one] of silent.entries())
        await until(() => {
          one.send(`silent${index}`)
          return came.includes(`silent${index}`)
        }, 'the datagram')
      for (const words of ['fourth', 'fifth']) await (await client(t, vip)).ask(words)
      assert.equal((await answered.ask('later')).split(' ')[2], flow)
    })

    it('drops datagrams of more clients than the limit, and serves those it has', async (t) => {
      const { plane } = startPlane(t, { udpFlows: 1 })
      const vip = freshVip()
      const server = await echo(t, 'a')
      await plane.serve([udp({ vip, members: [member('a', server.port)] })])
      const [one, other] = await Promise.all([client(t, vip), client(t, vip)])
      await one.ask('first')
      other.send('dropped')
      await one.ask('second')
      assert.deepEqual(other.answers, [])
    })
  })
