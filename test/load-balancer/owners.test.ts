/** A role that has ended leaves its address to whoever takes it; the balancer connects only to what its guest's account has bound (L-21). */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { until } from '../until.ts'
import { dial, endpoint, freshVip, member, startPlane } from './rig.ts'

const [guest, neighbour] = [254_401, 254_402]
const port = 18_080

/** A server of another account that answers everything with its word. */
async function serveAs(t: TestContext, uid: number, host: string, at: number): Promise<ChildProcess> {
  const script = `require('net').createServer((s) => { s.on('error', () => {}); s.once('data', () => s.end('HTTP/1.1 200 OK\\r\\ncontent-length: 6\\r\\n\\r\\n${uid}')) }).listen(${at}, '${host}', () => console.log('up'))`
  const child = spawn(process.execPath, ['-e', script], { uid, gid: uid, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('a member’s port', { skip: process.getuid?.() !== 0 && 'only root can be several accounts' }, () => {
  for (const protocol of ['tcp', 'http'] as const)
    for (const bound of ['its own address', 'all addresses', 'all addresses of IPv6'] as const)
      it(`that another account has taken on ${bound} gets no ${protocol} connection, and the guest's is served again`, async (t) => {
        const { plane } = startPlane(t)
        const [vip, address] = [freshVip(), freshVip()]
        const at = 20_000 + (Number(address.split('.').at(-1)) % 200) + (process.pid % 9_000)
        const at2 = { ...member('d.Web_IN_0', at), address, account: guest }
        await plane.serve([endpoint({ protocol, vip, port, members: [at2] })])
        const ask = async () => {
          const wire = await dial(t, vip).catch(() => undefined)
          if (!wire) return 'reset'
          wire.socket.write('GET / HTTP/1.1\r\nHost: x\r\nCookie: secret\r\nConnection: close\r\n\r\n')
          await wire.closed
          return wire.text().slice(-6)
        }
        const owner = await serveAs(t, guest, address, at)
        assert.equal(await ask(), String(guest))
        await end(owner)
        const where = { 'its own address': address, 'all addresses': '0.0.0.0', 'all addresses of IPv6': '::' }[bound]
        const intruder = await serveAs(t, neighbour, where, at)
        assert.notEqual(await ask(), String(neighbour))
        await end(intruder)
        await serveAs(t, guest, address, at)
        await until(async () => (await ask()) === String(guest), 'the guest serves')
      })

  it('of a guest under the balancer’s own account is served without being named', async (t) => {
    const { plane } = startPlane(t)
    const vip = freshVip()
    const server = createServer((socket) => socket.end('own')).listen(0, '127.0.0.1')
    t.after(() => server.close())
    await once(server, 'listening')
    const { port: at } = server.address() as { readonly port: number }
    await plane.serve([endpoint({ protocol: 'tcp', vip, port, members: [member('a', at)] })])
    const wire = await dial(t, vip)
    await wire.closed
    assert.equal(wire.text(), 'own')
  })
})
