import { addresses } from './checkers/addresses.ts'
import type { Checker } from './checkers/checker.ts'
import { cores } from './checkers/cores.ts'
import { incarnations } from './checkers/incarnations.ts'
import { onePlace } from './checkers/one-place.ts'
import { operations } from './checkers/operations.ts'
import { outBeforeStopping } from './checkers/out-before-stopping.ts'
import { readyInRotation } from './checkers/ready-in-rotation.ts'
import { silence } from './checkers/silence.ts'
import { twoFaultDomains } from './checkers/two-fault-domains.ts'
import type { World } from './world.ts'

/** Every invariant, on in every simulated run. */
export const allCheckers: readonly ((world: World) => Checker)[] = [
  cores,
  twoFaultDomains,
  addresses,
  operations,
  incarnations,
  readyInRotation,
  outBeforeStopping,
  silence,
  onePlace,
]
