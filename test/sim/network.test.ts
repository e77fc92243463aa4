/** What the simulated network does to messages is what the agents are tried with, so it must happen. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { virtualClock } from '../../src/sim/clock.ts'
import { calm, type Network, simulatedNetwork, type Weather } from '../../src/sim/network.ts'
import { randomFrom } from '../../src/sim/random.ts'

interface Exchange {
  served: number
  answers: (number | undefined)[]
}

/** Asks a hundred questions, one every 10 ms, and tells what came of them. */
function exchange(weather: Weather, meanwhile: (network: Network, number: number) => void = () => {}) {
  const clock = virtualClock(0)
  const network = simulatedNetwork(clock, randomFrom(7))
  network.setWeather(weather)
  const seen: Exchange & { order: number[] } = { served: 0, answers: [], order: [] }
  for (let number = 0; number < 100; number++)
    clock.schedule(number * 10, () => {
      meanwhile(network, number)
      network.ask<number>({
        from: 'host',
        to: 'controller',
        limitMs: 5_000,
        serve(answer) {
          seen.served++
          seen.order.push(number)
          answer(number)
        },
        ended: (answer) => void seen.answers.push(answer),
      })
    })
  while (clock.step(60_000));
  return seen
}

const unanswered = ({ answers }: Exchange) => answers.filter((answer) => answer === undefined).length

describe('the simulated network', () => {
  it('delivers everything once and in order when it is calm', () => {
    const { served, answers, order } = exchange(calm)
    assert.deepEqual({ served, answers }, { served: 100, answers: order })
  })

  it('loses questions and answers, and who asked learns of it when the limit has passed', () => {
    const seen = exchange({ ...calm, lost: 0.2 })
    assert.ok(seen.served < 100 && unanswered(seen) > 100 - seen.served, JSON.stringify(seen))
  })

  it('repeats questions, and who asked hears one answer', () => {
    const seen = exchange({ ...calm, repeated: 0.2 })
    assert.ok(seen.served > 100)
    assert.equal(seen.answers.length, 100)
  })

  it('brings late messages behind later ones', () => {
    const { order } = exchange({ ...calm, late: 0.2, lateMs: 1_000 })
    assert.notDeepEqual(
      order,
      order.toSorted((a, b) => a - b),
    )
  })

  it('lets nothing through to a party that is cut off', () => {
    const seen = exchange(calm, (network, number) => number === 50 && network.cut('controller'))
    assert.deepEqual([seen.served, unanswered(seen)], [50, 50])
  })

  it('breaks off what a party has not answered when its process ends', () => {
    const clock = virtualClock(0)
    const network = simulatedNetwork(clock, randomFrom(1))
    const ended: number[] = []
    network.ask({
      from: 'host',
      to: 'controller',
      limitMs: 5_000,
      serve() {},
      ended: () => void ended.push(clock.now()),
    })
    clock.schedule(100, () => network.down('controller'))
    while (clock.step(60_000));
    assert.deepEqual(ended, [101])
  })
})
