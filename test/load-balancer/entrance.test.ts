import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { it } from 'node:test'
import { guardOf } from '../../src/fabric/load-balancer/access.ts'
import { chooseMember } from '../../src/fabric/load-balancer/distribution.ts'
import { openProxy } from '../../src/machine/load-balancer/proxy/plane.ts'
import { bindPort } from '../../src/machine/ports/bind-port.ts'
import { nothingHeld } from '../../src/machine/ports/held-ports.ts'
import { dial, endpoint, freshVip, member, silentLog, tcpOrigin } from './rig.ts'

const port = 18_080

it('a held port that cannot be used is told of, keeps no other from being served, and is bound anew with the next table', async (t) => {
  const vip = freshVip()
  const key = `tcp ${vip}:${port}`
  // Two may bind a port, while only one can listen: so the held one cannot.
  const held = new Map([[key, { port, socket: bindPort('tcp', vip, port) }]])
  const squatter = createServer().listen(port, vip)
  t.after(() => squatter.close())
  await once(squatter, 'listening')
  const plane = openProxy({
    localhost: freshVip(),
    choose: chooseMember,
    makeGuard: guardOf,
    idle() {},
    log: silentLog,
    held: {
      ...nothingHeld,
      take(asked) {
        const found = held.get(asked)
        held.delete(asked)
        return found
      },
    },
  })
  t.after(() => plane.stop(0, 'answered'))
  const members = [member('a', await tcpOrigin(t, (socket) => socket.end('served')))]
  const one = endpoint({ id: 'one', vip, protocol: 'tcp', members })
  const two = endpoint({ id: 'two', vip: freshVip(), protocol: 'tcp', members })
  const { failed } = await plane.serve([one, two])
  assert.deepEqual(Object.keys(failed), ['one'])
  assert.match(failed.one ?? '', /^Port 18080 of \S+, which was open already, does not answer: listen EADDRINUSE/)
  await (await dial(t, two.vip)).see('served')
  squatter.close()
  await once(squatter, 'close')
  assert.deepEqual((await plane.serve([one, two])).failed, {})
  await (await dial(t, vip)).see('served')
})
