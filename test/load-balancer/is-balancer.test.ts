/** Whose word on the client a guest's listener takes (L-25). In namespaces of its own: test/end-to-end/any-program.test.ts. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { isMachine } from '../../src/machine/guest/namespace/guest-network.ts'
import { isBalancer } from '../../src/machine/http-sys/is-balancer.ts'
import { ordinary } from '../rungs.ts'
import { until } from '../until.ts'

/** The guest's end of a connection that somebody makes to the port that he is given. */
async function accepted(t: TestContext, come: (port: number) => void): Promise<Socket> {
  const server = createServer((socket) => t.after(() => socket.destroy())).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  come((server.address() as AddressInfo).port)
  const [socket] = (await once(server, 'connection')) as [Socket]
  return socket.on('error', () => {})
}

describe('a connection to a guest that shares the network of its machine', () => {
  const shared = { ownNetwork: false, address: '127.77.16.1' }

  it('may be of the balancer when it is of its account, and no more once it has closed', async (t) => {
    let mine: Socket | undefined
    const socket = await accepted(t, (port) => {
      mine = connect(port, '127.0.0.1')
    })
    assert.equal(await isBalancer(socket, shared), true)
    mine?.resetAndDestroy()
    await until(async () => !(await isBalancer(socket, shared)), 'the end of the connection')
  })

  it('is not when it is of the account of another guest', {
    skip: process.getuid?.() !== 0 && 'needs root',
  }, async (t) => {
    const socket = await accepted(t, (port) => {
      const words = ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}; read -u 3`]
      const stranger = spawn('bash', words, { uid: ordinary, gid: ordinary, stdio: 'ignore' })
      t.after(() => stranger.kill())
    })
    assert.equal(await isBalancer(socket, shared), false)
  })
})

it('a connection from 127.0.0.1 to a guest that has a network of its own is one of its own programs', async (t) => {
  const socket = await accepted(t, (port) => {
    const mine = connect(port, '127.0.0.1')
    t.after(() => mine.destroy())
  })
  assert.equal(await isBalancer(socket, { ownNetwork: true, address: '10.77.16.1' }), false)
})

it('the balancers of a guest with a network of its own are where machines of its fabric are, and no guest is', () => {
  const believed = (other: string) => isMachine('10.77.16.1', other)
  assert.deepEqual(
    ['169.254.1.1', '10.77.11.0', '10.77.16.0', '10.77.11.1', '10.77.16.2', '10.78.11.0', '192.0.2.0', ''].map(
      believed,
    ),
    [true, true, true, false, false, false, false, false],
  )
})
