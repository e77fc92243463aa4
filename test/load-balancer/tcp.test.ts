import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { until } from '../until.ts'
import { closedPort, dial, endpoint, freshVip, member, planes, startPlane, tcpOrigin } from './rig.ts'

const port = 18_080

function tcp(given: Parameters<typeof endpoint>[0]) {
  return endpoint({ protocol: 'tcp', ...given })
}

/** `open`, or the code with which the port refuses. */
async function knock(address: string, at = port): Promise<string> {
  const socket = connect({ host: address, port: at })
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('open'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  }).finally(() => socket.destroy()) as Promise<string>
}

for (const { how, startPlane } of planes)
  describe(`a tcp endpoint, plane ${how}`, () => {
    it('passes bytes both ways, and a half-close as one', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const at = await tcpOrigin(t, (socket) => {
        let came = ''
        socket.on('data', (bytes) => {
          came += bytes
        })
        socket.on('end', () => socket.end(`you said ${came}`))
      })
      await plane.serve([tcp({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      wire.socket.write('hello ')
      wire.socket.end('world')
      assert.equal(await wire.closed, 'end')
      assert.equal(wire.text(), 'you said hello world')
    })

    it('lets the instance speak first', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const at = await tcpOrigin(t, (socket) => socket.write('220 ready'))
      await plane.serve([tcp({ vip, members: [member('a', at)] })])
      await (await dial(t, vip)).see('220 ready')
    })

    it('passes a reset on, in both directions', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const seen: string[] = []
      const at = await tcpOrigin(t, (socket) => {
        socket.on('error', (error: NodeJS.ErrnoException) => seen.push(error.code ?? ''))
        socket.on('data', (bytes) => {
          if (String(bytes) === 'reset') socket.resetAndDestroy()
          else socket.write('here')
        })
      })
      await plane.serve([tcp({ vip, members: [member('a', at)] })])
      const first = await dial(t, vip)
      first.socket.write('reset')
      assert.equal(await first.closed, 'ECONNRESET')
      const second = await dial(t, vip)
      second.socket.write('hello')
      await second.see('here')
      second.socket.resetAndDestroy()
      await until(() => seen.includes('ECONNRESET'), 'the instance to be reset')
    })

    it('slows the sender down when the reader does not read, and loses nothing', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const total = 64 * 1024 * 1024
      let taken: Socket | undefined
      const at = await tcpOrigin(t, (socket) => {
        taken = socket.pause()
      })
      await plane.serve([tcp({ vip, members: [member('a', at)] })])
      const wire = await dial(t, vip)
      const piece = Buffer.alloc(1024 * 1024, 'x')
      const memory = process.memoryUsage().arrayBuffers
      for (let sent = 0; sent < total; sent += piece.length) wire.socket.write(piece)
      wire.socket.end()
      await until(() => taken !== undefined, 'the connection')
      // What the sender still has cannot have been buffered by the balancer.
      await until(() => wire.socket.writableLength > total / 2, 'the sender to be held')
      assert.ok(process.memoryUsage().arrayBuffers - memory < total / 4, 'the balancer keeps little of it')
      let came = 0
      taken?.on('data', (bytes) => {
        came += bytes.length
      })
      taken?.on('end', () => taken?.end())
      taken?.resume()
      await wire.closed
      assert.equal(came, total)
    })

    it('does not cut connections when their instance drains, or is out; new ones go elsewhere (L-7)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const echo = (name: string) =>
        tcpOrigin(t, (socket) => void socket.on('data', (bytes) => socket.write(`${name}:${bytes.toString()} `)))
      const [a, b] = await Promise.all([echo('a'), echo('b')])
      await plane.serve([tcp({ vip, members: [member('a', a)] })])
      const wire = await dial(t, vip)
      wire.socket.write('one')
      await wire.see('a:one')
      for (const state of ['draining', 'out'] as const) {
        await plane.serve([tcp({ vip, members: [member('a', a, state), member('b', b)] })])
        wire.socket.write(state)
        await wire.see(`a:${state}`)
        const fresh = await dial(t, vip)
        fresh.socket.write('new')
        await fresh.see('b:new')
      }
    })

    it('refuses connections while no instance is in, and answers as soon as one is (L-11)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const at = await tcpOrigin(t, (socket) => socket.end())
      assert.equal(await knock(vip), 'ECONNREFUSED')
      const states = ['out', 'in', 'draining', 'in'] as const
      const seen: string[] = []
      for (const state of states) {
        await plane.serve([tcp({ vip, members: [member('a', at, state)] })])
        seen.push(await knock(vip))
      }
      assert.deepEqual(seen, ['ECONNREFUSED', 'open', 'ECONNREFUSED', 'open'])
      await plane.serve([])
      assert.equal(await knock(vip), 'ECONNREFUSED', 'a port that nobody declares any more (L-16)')
    })

    it('passes over instances that do not take the connection; when none does, the client sees a reset', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const good = await tcpOrigin(t, (socket) => socket.end('good'))
      const dead = await Promise.all([closedPort(), closedPort()])
      const members = dead.map((at, index) => member(`dead${index}`, at))
      await plane.serve([tcp({ vip, members: [...members, member('good', good)] })])
      for (let times = 0; times < 10; times++) await (await dial(t, vip)).see('good')
      await plane.serve([tcp({ vip, members })])
      // It may come before the client has seen that there is a connection.
      const met = dial(t, vip).then(
        ({ closed }) => closed,
        ({ code }: NodeJS.ErrnoException) => code,
      )
      assert.equal(await met, 'ECONNRESET')
    })

    it('ends a connection that was silent in both directions for the idle time-out, and no other (L-9)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      let ended = 0
      const at = await tcpOrigin(t, (socket) => {
        socket.once('data', () => {
          const timer = setInterval(() => socket.write('.'), 40)
          socket.once('close', () => clearInterval(timer))
        })
        socket.once('close', () => ended++)
      })
      await plane.serve([tcp({ vip, members: [member('a', at)], idleTimeoutMs: 200 })])
      const spoken = await dial(t, vip)
      spoken.socket.write('go')
      const silent = await dial(t, vip)
      assert.equal(await silent.closed, 'ECONNRESET')
      await until(() => ended === 1, 'the instance to learn of it')
      await spoken.see('..........')
      assert.equal(spoken.socket.destroyed, false)
    })

    it('swaps two VIPs in one table: the ports never stop answering, and new connections find the other deployment', async (t) => {
      const { plane } = startPlane(t)
      const [first, second] = [freshVip(), freshVip()]
      const says = (name: string) => tcpOrigin(t, (socket) => socket.end(name))
      const blue = { id: 'blue', members: [member('blue', await says('blue'))] }
      const green = { id: 'green', members: [member('green', await says('green'))] }
      await plane.serve([tcp({ ...blue, vip: first }), tcp({ ...green, vip: second })])
      const over = new AbortController()
      const refused: string[] = []
      const knocker = (async () => {
        while (!over.signal.aborted) {
          const answer = await knock(first)
          if (answer !== 'open') refused.push(answer)
        }
      })()
      for (let times = 0; times < 10; times++) {
        const [now, then] = times % 2 ? [blue, green] : [green, blue]
        await plane.serve([tcp({ ...now, vip: first }), tcp({ ...then, vip: second })])
        await (await dial(t, first)).see(now.id)
      }
      over.abort()
      await knocker
      assert.deepEqual(refused, [])
    })

    it('takes the next port when its own belongs to somebody else, and tells which', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const at = await tcpOrigin(t, (socket) => socket.end('moved'))
      const squatter = createServer().listen(port, vip)
      await once(squatter, 'listening')
      t.after(() => squatter.close())
      const beside = { id: 'beside', vip, port: port + 1, members: [member('a', at)] }
      const served = await plane.serve([tcp({ id: 'first', vip, members: [member('a', at)] }), tcp(beside)])
      assert.deepEqual(served.boundPorts, { first: port + 2 }, 'not the port that another endpoint declares')
      await (await dial(t, vip, port + 2)).see('moved')
    })

    it('has one endpoint: a second one on the same port is told so', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const at = await tcpOrigin(t, (socket) => socket.end())
      const members = [member('a', at)]
      const { failed } = await plane.serve([tcp({ id: 'one', vip, members }), tcp({ id: 'two', vip, members })])
      assert.deepEqual(failed, { one: `Port 18080 of ${vip} is declared by another endpoint too, which has it.` })
    })

    it('says in a sentence what is wrong with an address that is not of this machine', async (t) => {
      const { plane } = startPlane(t)
      const served = await plane.serve([tcp({ id: 'far', vip: '192.0.2.1', members: [member('a', 1)] })])
      assert.match(
        served.failed.far ?? '',
        /^Port 18080 of 192\.0\.2\.1 cannot be opened: .*EADDRNOTAVAIL.*The address must belong to this machine\.$/,
      )
    })
  })

it('a process refuses more connections than its limit, and takes new ones when others have ended', async (t) => {
  const { plane } = startPlane(t, { connections: 2 })
  const vip = freshVip()
  const at = await tcpOrigin(t, (socket) => {
    socket.write('in')
    socket.on('end', () => socket.end()).resume()
  })
  await plane.serve([tcp({ vip, members: [member('a', at)] })])
  const held = await Promise.all([dial(t, vip), dial(t, vip)])
  await Promise.all(held.map((wire) => wire.see('in')))
  const comesIn = async () => {
    const socket = connect({ host: vip, port })
    t.after(() => socket.destroy())
    return new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
  }
  assert.equal(await comesIn(), false)
  held[0]?.socket.destroy()
  await until(comesIn, 'room for a new connection')
})

for (const { how, startPlane } of planes)
  describe(`an instance input endpoint, plane ${how}`, () => {
    it('leads to its one instance, each port to another (L-13)', async (t) => {
      const { plane } = startPlane(t)
      const vip = freshVip()
      const endpoints = await Promise.all(
        [0, 1, 2].map(async (index) => {
          const at = await tcpOrigin(t, (socket) => socket.end(`instance ${index}`))
          return tcp({
            id: `d/Web/Direct/Web_IN_${index}`,
            vip,
            port: port + index,
            members: [member(`d.Web_IN_${index}`, at)],
          })
        }),
      )
      await plane.serve(endpoints)
      for (const index of [0, 1, 2]) await (await dial(t, vip, port + index)).see(`instance ${index}`)
    })
  })
