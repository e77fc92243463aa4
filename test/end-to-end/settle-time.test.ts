/**
 * Ready is not yet done: a verb waits until instances have stood for settleTime. A house of its own, because here
 * settleTime must outlast any delay of the machine between a program's exit and the report of it.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeHouse } from './house.ts'
import { makeShop } from './shop.ts'

const timers = ['settleTime=20s', 'recycleDelays=0,200ms,200ms', 'recycleThreshold=3', 'roleReadyTimeout=60s']
const house = makeHouse(timers.flatMap((timer) => ['--timer', timer]))

before(() => house.up())
after(() => house.dispose())

describe('a verb about instances that are Ready and exit again and again', () => {
  const flapping = makeShop(house.data, { name: 'flap', exitsSoon: true })
  for (const words of [['deploy', flapping], ['instance', 'reboot', 'Web_IN_0'], ['resume']])
    it(`ends with 1, and says so: ${words[0]}`, async () => {
      const { code, stdout, stderr } = await house.reddog(...words, '--service', 'shop')
      assert.equal(code, 1, `${stdout}${stderr}`)
      assert.match(stderr, /Not every instance of "shop" gets Ready and stays so: .*Last exit code: 1\./)
    })
})
