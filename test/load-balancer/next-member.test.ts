/** Members that are killed while they are in rotation: real processes, of which the kernel tells whoever connects. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { until } from '../until.ts'
import { dial, endpoint, freshVip, member, planes, startPlane } from './rig.ts'

const port = 18_080
const names = ['a', 'b', 'c'] as const

const answer = {
  tcp: "require('net').createServer((s) => { s.on('error', () => {}); s.once('data', () => s.end(name)) })",
  http: "require('http').createServer((asked, answer) => asked.on('end', () => answer.end(name)).resume())",
  udp: "require('dgram').createSocket('udp4').on('message', (asked, by) => server.send(asked + ' ' + name, by.port, by.address))",
}

interface Server {
  readonly name: string
  readonly port: number
  kill(): Promise<void>
}

/** A process that answers whatever comes with its name. */
async function serve(t: TestContext, name: string, speaks: keyof typeof answer, at = 0): Promise<Server> {
  const listen = speaks === 'udp' ? 'bind' : 'listen'
  const script = `const name = '${name}', server = ${answer[speaks]}; server.${listen}(${at}, '127.0.0.1', () => console.log(server.address().port))`
  const child: ChildProcess = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const [said] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer]
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { name, port: Number(said), kill }
}

/** Who answers each of so many new clients; '' for nobody. */
function askedOf(t: TestContext, vip: string, count: number): Promise<readonly string[]> {
  const ask = async () => {
    // Where nobody lives the end of a connection may come with its beginning.
    const wire = await dial(t, vip).catch(() => undefined)
    if (!wire) return ''
    wire.socket.write('GET / HTTP/1.0\r\n\r\n')
    await wire.closed
    return wire.text().at(-1) ?? ''
  }
  return Promise.all(Array.from({ length: count }, ask))
}

/** A udp client, who says the same until somebody answers: a datagram may be lost. */
async function datagramClient(t: TestContext, vip: string): Promise<() => Promise<string>> {
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let asked = 0
  const answers = new Map<string, string>()
  socket.on('message', (datagram) => {
    const [number = '', name = ''] = datagram.toString().split(' ')
    answers.set(number, name)
  })
  return async () => {
    const number = String(++asked)
    await until(() => {
      if (!answers.has(number)) socket.send(number, port, vip)
      return answers.has(number)
    }, `an answer to ${number}`)
    return answers.get(number) as string
  }
}

for (const { how, startPlane } of planes)
  describe(`members that are killed in rotation, plane ${how} (L-23)`, () => {
    for (const protocol of ['tcp', 'https', 'http'] as const)
      it(`${protocol}: every new client reaches one that lives, and nobody when none does`, async (t) => {
        const { plane } = startPlane(t)
        const vip = freshVip()
        const servers = await Promise.all(names.map((name) => serve(t, name, protocol === 'http' ? 'http' : 'tcp')))
        const members = servers.map((server) => member(server.name, server.port))
        await plane.serve([endpoint({ vip, protocol, members })])
        assert.deepEqual([...new Set(await askedOf(t, vip, 40))].sort(), ['a', 'b', 'c'])
        await servers[0]?.kill()
        assert.deepEqual([...new Set(await askedOf(t, vip, 40))].sort(), ['b', 'c'])
        await Promise.all(servers.slice(1).map((server) => server.kill()))
        assert.deepEqual([...new Set(await askedOf(t, vip, 10))], [''])
      })

    it('http: the requests of a connection go on elsewhere', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const servers = await Promise.all(names.map((name) => serve(t, name, 'http')))
      await plane.serve([endpoint({ vip, members: servers.map((server) => member(server.name, server.port)) })])
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      t.after(() => agent.destroy())
      const ask = async () => {
        const [answered] = await once(request({ host: vip, port, agent }).end(), 'response')
        let name = ''
        for await (const bytes of answered) name += bytes
        return name
      }
      const first = await ask()
      await servers.find(({ name }) => name === first)?.kill()
      const second = await ask()
      assert.notEqual(second, first)
      await servers.find(({ name }) => name === second)?.kill()
      assert.deepEqual(
        names.filter((name) => ![first, second].includes(name)),
        [await ask()],
      )
    })

    it('udp: the clients of one that is killed are answered by others, and by it when it is the only one that came back', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const servers = await Promise.all(names.map((name) => serve(t, name, 'udp')))
      const members = servers.map((server) => member(server.name, server.port))
      await plane.serve([endpoint({ vip, protocol: 'udp', members })])
      const clients = await Promise.all(Array.from({ length: 12 }, () => datagramClient(t, vip)))
      const answers = () => Promise.all(clients.map((ask) => ask())).then((all) => [...new Set(all)].sort())
      assert.deepEqual(await answers(), ['a', 'b', 'c'])
      await servers[0]?.kill()
      assert.deepEqual(await answers(), ['b', 'c'])
      await servers[1]?.kill()
      assert.deepEqual(await answers(), ['c'])
      assert.equal(await (await datagramClient(t, vip))(), 'c')
      await servers[2]?.kill()
      await serve(t, 'back', 'udp', servers[0]?.port)
      assert.deepEqual(await answers(), ['back'])
    })
  })

/** A server whose machine is silent until it is woken: it is stopped, and its queue is full, so that the kernel drops who comes. */
async function serveSilently(t: TestContext, name: string): Promise<{ readonly port: number; wake(): void }> {
  const script = `const name = '${name}'; const server = ${answer.tcp}; server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGSTOP')
  const fillers = Array.from({ length: 8 }, () => connect(Number(said), '127.0.0.1').on('error', () => {}))
  t.after(() => {
    for (const filler of fillers) filler.destroy()
  })
  await until(() => fillers.filter(({ connecting }) => !connecting).length >= 2, 'its queue is full')
  return {
    port: Number(said),
    wake() {
      for (const filler of fillers) filler.destroy()
      child.kill('SIGCONT')
    },
  }
}

it('tcp: a member whose machine was silent comes last for a while, and serves where no other does (L-23)', async (t) => {
  const { plane } = startPlane(t, { connectMs: 300 })
  const vip = freshVip()
  const silent = await serveSilently(t, 'a')
  const other = await serve(t, 'b', 'tcp')
  await plane.serve([endpoint({ vip, protocol: 'tcp', members: [member('a', silent.port), member('b', other.port)] })])
  assert.deepEqual([...new Set(await askedOf(t, vip, 20))], ['b'])
  silent.wake()
  assert.deepEqual([...new Set(await askedOf(t, vip, 40))], ['b'], 'nobody waits for it a second time')
  await other.kill()
  // One: its queue is short.
  assert.deepEqual(await askedOf(t, vip, 1), ['a'])
})
