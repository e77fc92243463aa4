/** Somebody clears the rules of nft of the machine, as `systemctl restart nftables` does: the guests go on as before. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { placesOf, readRecord } from '../../src/machine/building/data-directory.ts'
import { wireAddress } from '../../src/machine/building/network.ts'
import { guestNetworkOf } from '../../src/machine/guest/namespace/guest-network.ts'
import { accountsWithNamespaces } from '../rungs.ts'
import { until } from '../until.ts'
import { makeHouse, root } from './house.ts'

/** In an ordinary user's namespaces nobody else has rules. */
const skip = !accountsWithNamespaces.includes(undefined) && 'it needs root and guests in namespaces'

describe('a house whose machine loses its rules', { skip }, () => {
  const house = makeHouse(['--hosts', '1'])
  const nft = (...words: readonly string[]) => execFileSync('/usr/sbin/nft', words, { encoding: 'utf8' })

  /** The table, as nft lists it, without what packets have filled it with. */
  const rules = (name: string) =>
    nft('list', 'table', 'ip', name)
      .split('\n')
      .filter((line) => !/"rd\S+" (ct count|limit rate)/.test(line))
      .toSorted()
      .join('\n')

  before(() => house.up())
  after(() => house.dispose())

  it('has them again within seconds, with those of the guests that run', async () => {
    const { code, stderr } = await house.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
    assert.equal(code, 0, stderr)
    const { name } = guestNetworkOf(wireAddress(readRecord(placesOf(house.data))?.network as number, 0))
    const before = rules(name)
    assert.match(before, /asker-\d+/)
    nft('delete', 'table', 'ip', name)
    const isThere = () => nft('list', 'tables').includes(`table ip ${name}\n`)
    await until(() => isThere() && rules(name) === before, 'they are there again')
  })
})
