import type { FabricState } from '../state/state.ts'

/** Numbers of machines: `127.b.0.number` holds no part of the fabric's own, and a subnet of each is below 127.b.255. */
export const machineNumbers = { first: 10, last: 249 } as const

/**
 * The number of a machine that joins: the next after the highest, so that one that was given up rests, else the lowest that no machine and no subnet
 * of a host has. Undefined when none is left.
 */
export function freeNumber({ stored }: FabricState): number | undefined {
  const subnets = [...stored.host.values()].map(({ subnet }) => Number(subnet?.split('.')[2]))
  const taken = new Set([...[...stored.machine.values()].map(({ number }) => number), ...subnets])
  const { first, last } = machineNumbers
  const all = Array.from({ length: last - first + 1 }, (_, at) => first + at)
  const highest = Math.max(first - 1, ...all.filter((number) => taken.has(number)))
  return all.find((number) => number > highest) ?? all.find((number) => !taken.has(number))
}
