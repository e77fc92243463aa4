import type { Instant } from '../kernel/instant.ts'
import { keys } from '../machine/store/etcd/keys.ts'
import { stand } from './candidate/stand.ts'
import { type ControllerParts, controllerName } from './controller/process.ts'
import { type Candidate, type SimulatedController, simulatedController } from './controller.ts'
import { type SimulatedEtcd, simulatedEtcd } from './etcd/etcd.ts'
import type { Fact } from './fact.ts'
import { frontEndName } from './front-end.ts'
import type { SimulatedHost } from './host.ts'
import { soundStore, type Vault } from './memory-store.ts'
import type { Network } from './network.ts'
import { type Partitions, partitionsOf } from './partitions.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'

/** What a fabric of several machines has besides: candidates, of which one is master, and etcd, a member on each of their machines. */
export interface Several {
  /** `machine-0` and so on: one for each host, and for each candidate. */
  readonly machines: readonly string[]
  readonly candidates: ReadonlyMap<string, Candidate>
  readonly etcd: SimulatedEtcd
  readonly partitions: Partitions
  /** Undefined while the store belongs to nobody that serves. */
  master(): Candidate | undefined
  setMember(member: string, what: 'up' | 'down'): void
  /** A machine with everything on it. */
  setPower(machine: string, isOn: boolean): void
  /** Everything runs, and reaches everything. */
  mend(): void
}

interface SeveralParts extends Omit<ControllerParts, 'name' | 'open' | 'died' | 'vault'> {
  readonly count: number
  /** Starts a dead process again. */
  later(run: () => void): void
  readonly hostNames: readonly string[]
  hosts(): ReadonlyMap<string, SimulatedHost>
  /** `balancer-0` and its VIPs are on `machine-0`; the only one is outside of all. */
  readonly balancerNames: readonly string[]
  readonly vipParties: readonly string[]
}

/** The candidates, and what stands for them in a building: their controller is that of the master, and their vault is etcd. */
export function severalMachines(parts: SeveralParts): {
  readonly several: Several
  readonly controller: SimulatedController
  readonly vault: Vault
} {
  const { clock, network, random, count, hostNames, later, witness } = parts
  const numbers = Array.from({ length: count }, (_, number) => number)
  const members = numbers.map((number) => `etcd-${number}`)
  const machines = Array.from({ length: Math.max(count, hostNames.length) }, (_, number) => `machine-${number}`)
  const machineOf = (party: string) => party.replace(/^(host|controller|etcd|balancer|vips)-/, 'machine-')
  const nearest = new Map(numbers.map((number) => [`controller-${number}`, `etcd-${number}`]))
  const etcd = simulatedEtcd({ clock, network, random, members, nearest: (party) => nearest.get(party) })
  const death = planOfDeath()
  const unpowered = new Set<string>()
  let owner: string | undefined
  let weather = soundStore
  const show = showingTo(network)
  const tellMastery = newsOnly(witness)

  function candidateNamed(name: string): Candidate {
    const tell = (fact: Fact) => {
      if (fact.kind === 'answered') tellMastery(fact)
      else if (owner === name) witness(fact)
      if (fact.kind === 'controllerHears') look()
    }
    const made = simulatedController({
      ...parts,
      name,
      vault: { refusesAll: () => weather.refused === 1 },
      witness: tell,
      died() {
        look()
        later(() => candidate.runs() || candidate.start())
      },
      open: ({ own, opened, died: end }) =>
        stand({
          name,
          etcd,
          steady: clock,
          own,
          opened,
          lost: (reason) => end(new Error(reason)),
          around: (write) => survives(death, write, end),
          wrote(epoch, what) {
            if (what === 'opening') owner = name
            tellMastery({ kind: 'wrote', by: name, epoch, what })
          },
        }),
    })
    const looking = (act: () => void) => () => {
      act()
      look()
    }
    const candidate: Candidate = {
      ...made,
      start: looking(() => unpowered.has(machineOf(name)) || made.start()),
      kill: looking(made.kill),
      pause: looking(made.pause),
      resume: looking(made.resume),
    }
    return candidate
  }

  const candidates = new Map(numbers.map((number) => [`controller-${number}`, candidateNamed(`controller-${number}`)]))
  const all = [...candidates.values()]
  const master = () => {
    const found = candidates.get(owner ?? '')
    return found?.state() ? found : undefined
  }

  function look(): void {
    etcd.look()
    const found = master()?.isPaused() === false ? `${owner} ${etcd.kept.get(keys.epoch)}` : undefined
    show(found, partitions.any() || weather !== soundStore || !etcd.hasQuorum())
  }

  const groups = groupsOf(parts, { machines, machineOf, etcd: members, controllers: [...candidates.keys()] })
  const partitions = partitionsOf(network, groups, machineOf, look)

  function setPower(machine: string, isOn: boolean): void {
    const [host] = [...parts.hosts().values()].filter(({ name }) => machineOf(name) === machine)
    unpowered[isOn ? 'delete' : 'add'](machine)
    host?.[isOn ? 'powerOn' : 'powerOff']()
    for (const one of [...members, ...parts.vipParties])
      if (machineOf(one) === machine) network[isOn ? 'up' : 'down'](one)
    for (const one of all)
      if (machineOf(one.name) === machine)
        if (!isOn) one.kill()
        else if (!one.runs()) one.start()
    look()
  }

  return {
    several: {
      machines,
      candidates,
      etcd,
      partitions,
      master,
      setMember(member, what) {
        network[what](member)
        look()
      },
      setPower,
      mend() {
        partitions.endAll()
        for (const machine of machines) setPower(machine, true)
        for (const one of all) one.resume()
      },
    },
    controller: controllerOf(all, master, clock.now),
    vault: {
      ...etcdVault(etcd),
      death,
      setWeather(next) {
        weather = next
        etcd.setWeather(next)
        look()
      },
      refusesAll: () => weather.refused === 1,
    },
  }
}

/** Tells only what is not the same as the last one: an answer of the same master tells the checkers nothing new. */
function newsOnly(witness: (fact: Fact) => void): (fact: Fact & { kind: 'answered' | 'wrote' }) => void {
  let last: string | undefined
  return (fact) => {
    const said = `${fact.by} ${fact.epoch}`
    if (said === last && !(fact.kind === 'wrote' && fact.what === 'opening')) return
    last = said
    witness(fact)
  }
}

/** Carries the write out; false when the process dies of it. */
function survives(death: PlanOfDeath, write: () => void, died: (error: unknown) => void): boolean {
  try {
    death.around(write)
    return true
  } catch (error) {
    died(error)
    return false
  }
}

function etcdVault({ kept }: SimulatedEtcd): Pick<Vault, 'stored' | 'backUp' | 'restore'> {
  let copy: ReadonlyMap<string, string> | undefined
  return {
    stored: (key) => kept.get(keys.records + key),
    backUp() {
      copy = kept.copy()
    },
    restore() {
      if (!copy) return false
      kept.replace(copy)
      return true
    },
  }
}

/** The checkers ask the network how steady the controller is: for them it is a party, which is away while anything hinders the master. */
function showingTo(network: Network): (serving: string | undefined, isTroubled: boolean) => void {
  let shown: string | undefined
  return (serving, isTroubled) => {
    if (serving !== shown) network.down(controllerName)
    if (serving !== shown && serving !== undefined) network.up(controllerName)
    shown = serving
    if (isTroubled === network.isCut(controllerName)) return
    if (isTroubled) network.cut(controllerName)
    else network.join(controllerName)
    network.hamper(controllerName, isTroubled)
  }
}

/** What can be parted from one another: the parties of each name. */
function groupsOf(
  { hostNames: hosts, balancerNames, vipParties }: SeveralParts,
  of: {
    readonly machines: readonly string[]
    machineOf(party: string): string
    readonly etcd: readonly string[]
    readonly controllers: readonly string[]
  },
): ReadonlyMap<string, readonly string[]> {
  const { machines, machineOf, etcd, controllers } = of
  const parties = [...hosts, ...controllers, ...etcd, ...balancerNames, ...vipParties]
  return new Map([
    ...machines.map((machine) => [machine, parties.filter((party) => machineOf(party) === machine)] as const),
    ...[...parties, frontEndName].map((party) => [party, [party]] as const),
    ...Object.entries({ etcd, controllers, hosts, clients: [frontEndName, ...balancerNames] }),
  ])
}

/** The controller of the fabric: what is asked of it is asked of the master, what is done to it is done to every candidate. */
function controllerOf(
  all: readonly Candidate[],
  master: () => Candidate | undefined,
  now: () => Instant,
): SimulatedController {
  return {
    state: () => master()?.state(),
    start: () => all.forEach((one) => one.start()),
    kill: () => all.forEach((one) => one.kill()),
    pause: () => master()?.pause(),
    resume: () => all.forEach((one) => one.resume()),
    isPaused: () => master()?.isPaused() ?? false,
    now: () => (master() ?? all[0])?.now() ?? now(),
    setClock: (ms) => all.forEach((one) => one.setClock(ms)),
  }
}
