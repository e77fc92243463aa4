import { reserveAddress } from './address-commands.ts'
import { addressNames, type Deed } from './deeds.ts'
import type { World } from './world.ts'

/** What users do about addresses that they keep. */
export const addressDeeds: readonly Deed[] = [
  { weight: 5, run: reserve },
  { weight: 2, run: release },
]

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
