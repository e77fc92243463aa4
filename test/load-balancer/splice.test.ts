import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { it } from 'node:test'
import { splice } from '../../src/machine/load-balancer/proxy/splice.ts'
import { until } from '../until.ts'
import { dialled, tcpOrigin } from './rig.ts'

it('a member that has ended its side and reads no more is let go when its client has left, after the idle time-out (L-9)', async (t) => {
  const { connection, role } = await dialled(t)
  let client: Socket | undefined
  const far = connect(await tcpOrigin(t, (socket) => (client = socket)), '127.0.0.1')
  await until(() => client !== undefined, 'the client')
  assert.ok(client)
  client.setTimeout(1_000)
  splice(client, connection)
  role.end()
  far.resume()
  await once(far, 'end')
  // More than the kernel takes for a member that does not read.
  connection.socket.write(Buffer.alloc(64 * 1024 * 1024))
  const left = once(client, 'close')
  far.end()
  await left
  assert.equal(connection.socket.destroyed, false, 'it has its time')
  await until(() => connection.socket.destroyed, 'the end of the connection to the member')
})
