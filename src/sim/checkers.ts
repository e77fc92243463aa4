import { addresses } from './checkers/addresses.ts'
import { badPackage } from './checkers/bad-package.ts'
import type { Checker } from './checkers/checker.ts'
import { committedFirst } from './checkers/committed-first.ts'
import { cores } from './checkers/cores.ts'
import { defectsSaid } from './checkers/defects-said.ts'
import { domainOrder } from './checkers/domain-order.ts'
import { drainsEnd } from './checkers/drains-end.ts'
import { fullDisk } from './checkers/full-disk.ts'
import { healedVersion } from './checkers/healed-version.ts'
import { heardFirst } from './checkers/heard-first.ts'
import { incarnations } from './checkers/incarnations.ts'
import { keptAddresses } from './checkers/kept-addresses.ts'
import { limitsKept } from './checkers/limits-kept.ts'
import { lostForAReason } from './checkers/lost-for-a-reason.ts'
import { nobodyWaits } from './checkers/nobody-waits.ts'
import { oneDomain } from './checkers/one-domain.ts'
import { oneGuest } from './checkers/one-guest.ts'
import { oneMaster } from './checkers/one-master.ts'
import { onePlace } from './checkers/one-place.ts'
import { oneUpdate } from './checkers/one-update.ts'
import { oneVipOwner } from './checkers/one-vip-owner.ts'
import { operations } from './checkers/operations.ts'
import { outBeforeStopping } from './checkers/out-before-stopping.ts'
import { readyInRotation } from './checkers/ready-in-rotation.ts'
import { rolledBack } from './checkers/rolled-back.ts'
import { servicing } from './checkers/servicing.ts'
import { setAside } from './checkers/set-aside.ts'
import { silence } from './checkers/silence.ts'
import { starting } from './checkers/starting.ts'
import { stoppedForAReason } from './checkers/stopped-for-a-reason.ts'
import { twoFaultDomains } from './checkers/two-fault-domains.ts'
import { vipHolders } from './checkers/vip-holders.ts'
import type { World } from './world.ts'

/**
 * Invariants that hold at every moment, whatever was before. For a while after a restore only these are checked: stops, moves and beginnings since
 * the backup are then sent again, without regard to what is under way.
 */
export const checkersOfTheMoment: readonly ((world: World) => Checker)[] = [
  cores,
  twoFaultDomains,
  addresses,
  operations,
  incarnations,
  readyInRotation,
  oneUpdate,
  oneMaster,
  oneVipOwner,
  vipHolders,
  keptAddresses,
  heardFirst,
  drainsEnd,
  fullDisk,
]

/** Every invariant, on in every simulated run. */
export const allCheckers: readonly ((world: World) => Checker)[] = [
  cores,
  twoFaultDomains,
  addresses,
  operations,
  incarnations,
  readyInRotation,
  outBeforeStopping,
  stoppedForAReason,
  silence,
  onePlace,
  oneGuest,
  oneUpdate,
  domainOrder,
  oneDomain,
  badPackage,
  rolledBack,
  healedVersion,
  oneVipOwner,
  vipHolders,
  servicing,
  starting,
  keptAddresses,
  setAside,
  nobodyWaits,
  defectsSaid,
  heardFirst,
  drainsEnd,
  fullDisk,
  committedFirst,
  limitsKept,
  oneMaster,
  lostForAReason,
]
