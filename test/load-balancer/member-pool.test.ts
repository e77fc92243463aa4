import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { proxyLimits } from '../../src/machine/load-balancer/proxy/limits.ts'
import { openMemberPool } from '../../src/machine/load-balancer/proxy/member-pool.ts'
import { targetOf } from '../../src/machine/load-balancer/proxy/route.ts'
import { until } from '../until.ts'
import { dialled, userOf } from './rig.ts'

/** Its age does not end a connection here. */
const limits = { ...proxyLimits, memberIdleMs: 600_000 }

/** A pool with one connection, which was not read from when it was given. */
async function poolWithPaused(t: TestContext) {
  const { connection, role } = await dialled(t)
  const { member } = connection
  const pool = openMemberPool(limits)
  t.after(() => pool.close())
  pool.keepOnly(new Set([targetOf(member)]))
  connection.socket.pause()
  pool.give(connection, limits.memberIdleMs)
  return { pool, member, connection, role }
}

it('a kept connection that a slow client has held back is read for the next one', async (t) => {
  const { pool, member, role } = await poolWithPaused(t)
  let said = ''
  const taken = pool.take(member)
  assert.ok(taken)
  taken.user = userOf((bytes) => (said += bytes.toString()))
  role.write('for the next one')
  await until(() => said === 'for the next one', 'what the member says')
})

it('a kept connection that a slow client has held back is not used again when its member has closed it', async (t) => {
  const { pool, member, connection, role } = await poolWithPaused(t)
  role.end()
  await until(() => connection.socket.destroyed, 'the end of the connection')
  assert.equal(pool.take(member), undefined)
})
