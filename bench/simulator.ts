/** Simulated time against real time: `node bench/simulator.ts`. 50 hosts, services of ten role instances, every checker on. */
import { buildWorld } from '../src/sim/build-world.ts'

const hosts = 50
const warmUpMs = 120_000
const measuredMs = 3_600_000
const roles = [
  { name: 'Web', instances: 6, httpPort: 80 },
  { name: 'Worker', instances: 4 },
]

for (const services of [1, 10, 20]) {
  const world = buildWorld({ hosts, coresOfHost: 8, faultDomains: 4, seed: 1 })
  const { clock, frontEnd } = world
  world.runUntil(clock.now() + 1_000)
  for (let number = 0; number < services; number++) {
    const service = `service-${number}`
    frontEnd.send({ kind: 'createService', service, label: '', extendedProperties: {} })
    world.runUntil(clock.now() + 100)
    frontEnd.send(world.upload({ name: service, roles }, { service, slot: 'Production', start: true }))
  }
  world.runUntil(clock.now() + warmUpMs)

  const began = performance.now()
  const before = world.events()
  world.runUntil(clock.now() + measuredMs)
  const realMs = performance.now() - began
  const instances = world.controller.state()?.stored.instance.size
  console.log(
    `${hosts} hosts, ${instances} role instances: ${measuredMs / 60_000} simulated minutes in ${(realMs / 1_000).toFixed(1)} s, ${Math.round(measuredMs / realMs)} × real time, ${Math.round(((world.events() - before) / realMs) * 1_000)} events a second.`,
  )
}
