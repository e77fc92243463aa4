/** A backup of the store is brought back, on the whole house: hosts and balancer listen again. */
import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'
import { makeShop } from './shop.ts'

const house = makeHouse(['--timer', 'settleTime=300ms'])
after(() => house.dispose())

async function succeeds(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await house.reddog(...words)
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`)
  return stdout
}

describe('a backup of fabric/ that is brought back', () => {
  it('is followed by hosts and balancer, which have seen later versions: scale gets through, and all instances answer', async () => {
    await house.up()
    const deployed = await succeeds('deploy', makeShop(house.data, { name: 'v1' }), '--service', 'shop', '--json')
    const { addresses } = JSON.parse(deployed) as { readonly addresses: readonly [string] }
    const answering = async (count: number) => {
      const seen = new Set<string>()
      // Until the first instance is Ready nobody listens.
      const ask = async () => {
        const answer = await get(addresses[0]).catch(() => '')
        if (answer) seen.add(answer.split(' ')[2] ?? '')
        return seen.size === count
      }
      await until(ask, `${count} answer`)
    }
    const store = join(house.data, 'fabric')
    const copy = join(house.data, 'fabric-backup')
    await house.end('SIGTERM')
    cpSync(store, copy, { recursive: true })

    for (const count of [3, 4]) {
      await house.up()
      await succeeds('scale', `Web=${count}`, '--service', 'shop')
      await house.end('SIGTERM')
    }
    rmSync(store, { recursive: true })
    cpSync(copy, store, { recursive: true })

    await house.up()
    await answering(2)
    await succeeds('scale', 'Web=3', '--service', 'shop')
    await answering(3)
    assert.match(await succeeds('events'), /StoreRestored/)
  })
})
