import type { Network } from './network.ts'

/** Machines, and groups of parties, that do not reach one another. */
export interface Partitions {
  /** What the parties of the first group send does not reach those of the second; `both`: nor back. Returns what ends that. */
  part(from: string, to: string, ways: 'one' | 'both'): () => void
  /** Nothing that is off these machines reaches them, or is reached from them; one another they reach. */
  cutOff(...machines: readonly string[]): () => void
  any(): boolean
  endAll(): void
}

type Ways = readonly (readonly [from: string, to: string])[]

/** `groups`: the parties of each name; `machineOf`: where a party is. Two parties on one machine always reach one another. */
export function partitionsOf(
  network: Network,
  groups: ReadonlyMap<string, readonly string[]>,
  machineOf: (party: string) => string,
  changed: () => void,
): Partitions {
  const active = new Set<Ways>()

  function refresh(): void {
    network.mendAll()
    for (const ways of active) for (const [from, to] of ways) network.sever(from, to)
    changed()
  }

  function begin(ways: Ways): () => void {
    active.add(ways)
    refresh()
    return () => {
      if (active.delete(ways)) refresh()
    }
  }

  function partiesOf(name: string): readonly string[] {
    const found = groups.get(name)
    if (!found) throw new Error(`There is no "${name}" to be parted. There are ${[...groups.keys()].join(', ')}.`)
    return found
  }

  function waysBetween(some: readonly string[], others: readonly string[]): Ways {
    return some.flatMap((from) =>
      others.flatMap((to) => (machineOf(from) === machineOf(to) ? [] : [[from, to] as const])),
    )
  }

  return {
    part(from, to, ways) {
      const [some, others] = [partiesOf(from), partiesOf(to)]
      return begin([...waysBetween(some, others), ...(ways === 'both' ? waysBetween(others, some) : [])])
    },
    cutOff(...machines) {
      const own = machines.flatMap(partiesOf)
      const others = [...new Set([...groups.values()].flat())].filter((party) => !own.includes(party))
      return begin([...waysBetween(own, others), ...waysBetween(others, own)])
    },
    any: () => active.size > 0,
    endAll() {
      active.clear()
      refresh()
    },
  }
}
