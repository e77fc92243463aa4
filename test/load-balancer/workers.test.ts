/** A data plane with workers: real processes that accept on the same sockets. What a client sees must not tell who accepted. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { until } from '../until.ts'
import { acceptedBy, workers } from './acceptors.ts'
import { ask, dial, endpoint, freshVip, member, origin, startPlaneWithWorkers, tcpOrigin, type Wire } from './rig.ts'

const port = 18_080
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** Clients whom `greet` has welcomed, at least two in every process that accepts, by process. */
async function clientsEverywhere(
  t: TestContext,
  vip: string,
  count: number,
  greet: (client: Wire) => Promise<void>,
): Promise<Map<number, Wire[]>> {
  const clients = new Map<number, Wire[]>()
  await until(
    async () => {
      // Several at a time: whoever is busy with one leaves the next one to the others.
      const come = await Promise.all(Array.from({ length: 8 }, () => dial(t, vip, port)))
      await Promise.all(come.map(greet))
      for (const client of come) {
        const { localAddress: address = '', localPort: from = 0 } = client.socket
        const by = acceptedBy(vip, port, { address, port: from }) as number
        clients.set(by, [...(clients.get(by) ?? []), client])
      }
      return clients.size === count + 1 && clients.values().every(({ length }) => length >= 2)
    },
    `clients in ${count + 1} processes`,
  )
  return clients
}

async function answered(client: Wire): Promise<void> {
  const before = client.text().length
  client.socket.write(get)
  await until(() => client.text().slice(before).includes('answered'), 'an answer')
}

describe('a data plane with workers', () => {
  it('loses no request when instances leave and stop, one after the other, under load (design.md 9.3)', async (t) => {
    const { plane, idle } = startPlaneWithWorkers(t)
    const vip = freshVip()
    const start = async (name: string) => {
      const { port: at, server } = await origin(t, (asked, answer) => {
        asked.on('end', () => setImmediate(() => answer.end('answered'))).resume()
      })
      const stop = async () => {
        server.close()
        server.closeIdleConnections()
        await once(server, 'close')
      }
      return { member: member(name, at), stop }
    }
    let running = await Promise.all(['a0', 'b0', 'c0'].map(start))
    await plane.serve([endpoint({ vip, members: running.map((one) => one.member) })])
    await clientsEverywhere(t, vip, 2, answered)
    const over = new AbortController()
    let count = 0
    const failures: unknown[] = []
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    t.after(() => agent.destroy())
    const load = Array.from({ length: 16 }, async (_, client) => {
      while (!over.signal.aborted) {
        const asked = request({ host: vip, port, method: 'POST', agent: client % 2 ? agent : false }).end('some body')
        await once(asked, 'response').then(
          async ([answer]) => {
            for await (const _bytes of answer);
            count++
          },
          (error) => failures.push(error),
        )
      }
    })
    for (let round = 1; round <= 9; round++) {
      const before = count
      await until(() => count > before + 100, 'load')
      const [leaving, ...others] = running
      assert.ok(leaving)
      const draining = [{ ...leaving.member, state: 'draining' as const }, ...others.map((one) => one.member)]
      const { busy } = await plane.serve([endpoint({ vip, members: draining })])
      const name = leaving.member.instance
      if (busy.includes(name)) await until(() => idle.includes(name), `${name} to drain`)
      await leaving.stop()
      running = [...others, await start(`${'abc'[round % 3]}${round}`)]
      await plane.serve([endpoint({ vip, members: running.map((one) => one.member) })])
    }
    over.abort()
    await Promise.all(load)
    assert.deepEqual(failures, [])
  })

  it('loses with a worker that is killed what that had, and nothing else, and has another one soon', async (t) => {
    const { plane, idle } = startPlaneWithWorkers(t)
    const vip = freshVip()
    const { port: at } = await origin(t, (asked, answer) => {
      if (asked.url === '/slow') answer.write('begun')
      else answer.end('answered')
    })
    const members = [member('a', at)]
    await plane.serve([endpoint({ vip, members })])
    const clients = await clientsEverywhere(t, vip, 2, answered)
    const [killed, ...others] = [...clients.keys()].filter((pid) => pid !== process.pid)
    const own = clients.get(killed as number) as Wire[]
    own[0]?.socket.write(get.replace('/', '/slow'))
    await own[0]?.see('begun')
    const drains = [member('a', at, 'draining'), member('b', at)]
    assert.deepEqual((await plane.serve([endpoint({ vip, members: drains })])).busy, ['a'])
    process.kill(killed as number, 'SIGKILL')
    await Promise.all(own.map(({ closed }) => closed))
    await until(() => idle.includes('a'), 'the instance to have drained')
    await Promise.all(Array.from({ length: 20 }, () => ask(t, vip, 'GET / HTTP/1.0\r\n\r\n'))).then((answers) =>
      assert.ok(answers.every((text) => text.includes('answered'))),
    )
    for (const pid of [process.pid, ...others]) await Promise.all((clients.get(pid) as Wire[]).map(answered))
    const next = await clientsEverywhere(t, vip, 2, answered)
    assert.ok(!next.has(killed as number))
  })

  it('cuts clients who are not permitted any more, whoever has accepted them (L-18)', async (t) => {
    const { plane } = startPlaneWithWorkers(t)
    const vip = freshVip()
    const served = await tcpOrigin(t, (socket) => socket.write('welcome'))
    const tcp = endpoint({ vip, protocol: 'tcp', members: [member('a', served)] })
    await plane.serve([tcp])
    const clients = await clientsEverywhere(t, vip, 2, (client) => client.see('welcome'))
    await plane.serve([{ ...tcp, acl: [{ action: 'deny', remoteSubnet: '127.0.0.0/8' }] }])
    for (const client of [...clients.values()].flat()) assert.equal(await client.closed, 'ECONNRESET')
    for (let time = 0; time < 20; time++) {
      const met = await dial(t, vip).then(
        ({ closed }) => closed,
        ({ code }) => code,
      )
      assert.equal(met, 'ECONNRESET')
    }
  })

  it('closes a port in every process when nobody is in rotation, and opens it in every one again (L-11)', async (t) => {
    const { plane } = startPlaneWithWorkers(t)
    const vip = freshVip()
    const { port: at } = await origin(t, (_, answer) => answer.end('answered'))
    await plane.serve([endpoint({ vip, members: [member('a', at)] })])
    await clientsEverywhere(t, vip, 2, answered)
    await plane.serve([endpoint({ vip, members: [member('a', at, 'out')] })])
    await assert.rejects(dial(t, vip), { code: 'ECONNREFUSED' })
    await plane.serve([endpoint({ vip, members: [member('a', at)] })])
    await clientsEverywhere(t, vip, 2, answered)
  })

  it('leaves no worker when it stops', async (t) => {
    const { plane } = startPlaneWithWorkers(t, {}, freshVip(), 3)
    const vip = freshVip()
    const { port: at } = await origin(t, (_, answer) => answer.end('answered'))
    await plane.serve([endpoint({ vip, members: [member('a', at)] })])
    await until(() => workers().length === 3, 'the workers')
    await plane.stop(0, 'answered')
    assert.deepEqual(workers(), [])
  })
})
