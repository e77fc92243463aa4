import type { FabricState } from '../fabric/controller/state/state.ts'
import type { SimulatedBalancer } from './balancer.ts'
import type { VirtualClock } from './clock.ts'
import type { Network } from './network.ts'
import { type VipMachine, vipMachine } from './vips/vip-machine.ts'

/** The VIPs of a fabric with several load balancers: those have them whose machine keepalived has elected. */
export interface SimulatedVips {
  /** One for each balancer. */
  readonly machines: readonly VipMachine[]
  /** Those that have the VIPs on their link: another list when it has changed. */
  holders(): readonly VipMachine[]
  /** What two machines send each other arrives, in both directions. */
  talk(one: VipMachine, other: VipMachine): boolean
  isOnlyCandidate(machine: VipMachine): boolean
}

export interface VipParts {
  readonly clock: VirtualClock
  readonly network: Network
  readonly balancers: readonly SimulatedBalancer[]
  /** Whether all machines but the first have no controller. */
  readonly hasOneCandidate: boolean
  state(): FabricState | undefined
}

/** What sends and gets adverts, and signs of life, on the machine of that balancer, also when that does not run. */
export function vipPartyOf(balancer: string): string {
  return balancer.replace('balancer', 'vips')
}

/** The machines of these balancers, in one segment. */
export function simulatedVips({ clock, network, balancers, hasOneCandidate, state }: VipParts): SimulatedVips {
  const now = clock.now
  /** A balancer that is cut off is so with its machine. */
  const parties = new Map(balancers.map((balancer) => [balancer, vipPartyOf(balancer.name)]))
  const partyOf = (balancer: SimulatedBalancer) => parties.get(balancer) ?? ''
  const leads = (from: SimulatedBalancer, to: SimulatedBalancer) =>
    !network.isCut(from.name) && !network.isCut(to.name) && network.leads(partyOf(from), partyOf(to))
  const talks = (one: SimulatedBalancer, other: SimulatedBalancer) => leads(one, other) && leads(other, one)
  const machines: readonly VipMachine[] = balancers.map((balancer, place) => {
    const others = () => machines.filter((one) => one.balancer !== balancer)
    let isServiced = false
    return vipMachine({
      balancer,
      place,
      now,
      hasPower: () => network.runs(partyOf(balancer)),
      hearsOthers: () => others().some((other) => talks(balancer, other.balancer)),
      isOnlyCandidate: hasOneCandidate && place === 0,
      isServiced() {
        const known = state()
        if (known && !network.isCut(balancer.name))
          isServiced = known.stored.host.get(`host-${place}`)?.drain !== undefined
        return isServiced
      },
      advertise(priority) {
        for (const other of others()) if (leads(balancer, other.balancer)) other.keepalived.hear(priority)
      },
    })
  })

  let holders: readonly VipMachine[] = []
  function goOn(): void {
    for (const machine of machines) machine.goOn()
    if (machines.some((one) => one.keepalived.isHolder() !== holders.includes(one)))
      holders = machines.filter(({ keepalived }) => keepalived.isHolder())
    clock.schedule(Math.max(now() + 1, Math.min(...machines.map(({ dueAt }) => dueAt()))), goOn)
  }

  clock.schedule(now(), goOn)
  return {
    machines,
    holders: () => holders,
    talk: (one, other) => talks(one.balancer, other.balancer),
    isOnlyCandidate: (machine) => hasOneCandidate && machine === machines[0],
  }
}
