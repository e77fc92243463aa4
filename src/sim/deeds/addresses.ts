import { reserveAddress } from '../commands/addresses.ts'
import type { World } from '../world.ts'
import { addressNames, type Deed, services } from './deed.ts'

/** What users do with their reserved addresses. */
export const addressDeeds: readonly Deed[] = [
  { weight: 5, run: reserve },
  { weight: 2, run: release },
  { weight: 4, run: fillBothSlots },
]

/** After one of them the two slots are swapped, whatever state they are in. */
const swapAfterMs = [10_000, 40_000, 90_000] as const

function reserve({ random, frontEnd }: World): string {
  const name = random.pick(addressNames)
  frontEnd.send(reserveAddress(name))
  return `reserve address ${name}`
}

function release({ random, frontEnd }: World): string {
  const reservedAddress = random.pick(addressNames)
  frontEnd.send({ kind: 'releaseAddress', reservedAddress })
  return `release address ${reservedAddress}`
}

/** Two small deployments of one service at reserved addresses, or one of them without, and swaps of the two (U-61). */
function fillBothSlots(world: World): string {
  const { random, frontEnd, clock } = world
  const service = random.pick(services)
  const [live, staged] = [random.pick(addressNames), random.chance(0.8) ? random.pick(addressNames) : undefined]
  frontEnd.send({ kind: 'createService', service, label: '', extendedProperties: {} })
  const roles = [{ name: 'Web', instances: 2, size: 'ExtraSmall', httpPort: 80 }]
  for (const [slot, address] of [
    ['Production', live],
    ['Staging', staged],
  ] as const) {
    if (address) frontEnd.send(reserveAddress(address))
    frontEnd.send(world.upload({ name: service, roles, address }, { service, slot, start: true }))
  }
  const names = { production: `${service}-production`, source: `${service}-staging` }
  for (const ms of swapAfterMs)
    clock.schedule(clock.now() + ms, () => void frontEnd.send({ kind: 'swap', service, ...names }))
  return `deploy ${service} at address ${live} and, in staging, at ${staged ?? 'none'}, and swap them`
}
