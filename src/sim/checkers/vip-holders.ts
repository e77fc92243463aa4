import { holdingLookMs, pulseTimes } from '../../fabric/contract/holding-vips.ts'
import type { Instant } from '../../kernel/instant.ts'
import { advertMs, masterDownMs } from '../vips/keepalived.ts'
import type { VipMachine } from '../vips/vip-machine.ts'
import type { SimulatedVips } from '../vips.ts'
import type { World } from '../world.ts'
import { type Checker, lookEveryMs, nothing } from './checker.ts'

/** A machine that is cut off from all others holds the VIPs no longer than this (docs/decisions/several-machines.md, "Network"). */
const cutOffMs = 2_000

/** Nor does one whose balancer is dead or hung (fabric/contract/holding-vips.ts). */
const hungMs = 1_500

/** Nor one that knows that it is being serviced: a look of the VipHolder, and one of this checker. */
const servicedMs = 500

/** What an election takes at most: a beat of the balancer, a look of the VipHolder, Master_Down_Interval, and two looks of this checker. */
const electedMs = pulseTimes.everyMs + holdingLookMs + masterDownMs + 2 * lookEveryMs

type Look = (now: Instant) => readonly string[]

/**
 * Of machines with load balancers that hear one another one has the VIPs, but for the advert of VRRP that it takes to see it (RFC 5798, 6.4.3); one
 * has them where one can; none has them that is cut off, is being serviced, or has no balancer that serves. Machines that reach others, and not each other, may both
 * have them: VRRP elects by what is heard.
 */
export function vipHolders({ clock, vips }: World): Checker {
  const looks = vips ? looksAt(vips) : []
  let seen: unknown
  let nextLook = clock.now()
  return {
    name: 'vip-holders',
    check() {
      const now = clock.now()
      if (vips === undefined || (now < nextLook && vips.holders() === seen)) return nothing
      seen = vips.holders()
      nextLook = now + lookEveryMs
      return looks.flatMap((look) => look(now))
    },
  }
}

function looksAt(vips: SimulatedVips): readonly Look[] {
  const { machines } = vips
  return [
    ...machines.map((one) => atHolder(vips, one)),
    ...machines.flatMap((one, place) => machines.slice(place + 1).map((other) => atPair(vips, one, other))),
    atAll(vips),
  ]
}

/** For how long something has been so, as far as was seen. */
function lasting(): (isSo: boolean, now: Instant) => number {
  let since: Instant | undefined
  return (isSo, now) => {
    since = isSo ? (since ?? now) : undefined
    return now - (since ?? now)
  }
}

function atHolder(vips: SimulatedVips, one: VipMachine): Look {
  const [aloneFor, hungFor, servicedFor] = [lasting(), lasting(), lasting()]
  const { name } = one.balancer
  return (now) => {
    const aloneMs = aloneFor(!isHeard(vips, one), now)
    const hungForMs = hungFor(!isServing(one), now)
    const servicedForMs = servicedFor(one.isServiced(), now)
    if (!one.keepalived.isHolder()) return nothing
    return [
      ...(aloneMs > cutOffMs ? [`the machine of ${name} has been cut off for ${aloneMs} ms and has the VIPs`] : []),
      ...(hungForMs > hungMs ? [`${name} has not served for ${hungForMs} ms and its machine has the VIPs`] : []),
      ...(servicedForMs > servicedMs ? [`the machine of ${name} is being serviced and has the VIPs`] : []),
    ]
  }
}

function atPair(vips: SimulatedVips, one: VipMachine, other: VipMachine): Look {
  const bothFor = lasting()
  return (now) => {
    const haveBoth = one.keepalived.isHolder() && other.keepalived.isHolder() && vips.talk(one, other)
    const ms = bothFor(haveBoth, now)
    if (ms <= advertMs) return nothing
    return [`${one.balancer.name} and ${other.balancer.name} hear each other, and have both had the VIPs for ${ms} ms`]
  }
}

function atAll(vips: SimulatedVips): Look {
  const nobodyFor = lasting()
  const able = vips.machines.map((one) => ableTo(vips, one))
  return (now) => {
    const nobodyMs = nobodyFor(vips.holders().length === 0, now)
    const isOneAble = able.filter((isAble) => isAble(now)).length > 0
    return nobodyMs > electedMs && isOneAble ? [`nobody has had the VIPs for ${nobodyMs} ms, and one could`] : nothing
  }
}

/** Whether a machine could have had the VIPs for as long as an election takes: a new balancer serves once a controller has answered it. */
function ableTo(vips: SimulatedVips, one: VipMachine): (now: Instant) => boolean {
  const [presentFor, ableFor] = [lasting(), lasting()]
  let hasTable = false
  return (now) => {
    const isPresent = isServing(one) && isHeard(vips, one) && !one.isServiced()
    const presentSince = now - presentFor(isPresent, now)
    hasTable = isPresent && (hasTable || one.balancer.heardAt() > presentSince + pulseTimes.everyMs)
    return ableFor(hasTable, now) > electedMs
  }
}

/** Whether another machine hears it, and is heard; of the only candidate it does not matter. */
function isHeard(vips: SimulatedVips, one: VipMachine): boolean {
  return vips.isOnlyCandidate(one) || vips.machines.some((other) => other !== one && vips.talk(one, other))
}

function isServing({ balancer, hasPower }: VipMachine): boolean {
  return hasPower() && balancer.runs() && !balancer.isPaused()
}
