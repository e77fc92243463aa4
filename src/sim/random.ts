/** Repeatable chance: the same seed gives the same run. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** A whole number, at least 0, below `count`. */
  below(count: number): number
  /** True in that share of the cases. */
  chance(share: number): boolean
  between(least: number, most: number): number
  /** Throws when there is nothing to pick from. */
  pick<Item>(items: readonly Item[]): Item
  /** 32 lower-case hexadecimal digits. */
  hex32(): string
}

/** Mulberry32, by Tommy Ettinger, in the public domain: one word of state, good enough to shuffle faults. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const word = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const next = () => word() / 2 ** 32
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    chance: (share) => next() < share,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick(items) {
      if (items.length === 0) throw new RangeError('there is nothing to pick from')
      return items[below(items.length)] as (typeof items)[number]
    },
    hex32: () => Array.from({ length: 4 }, () => word().toString(16).padStart(8, '0')).join(''),
  }
}
