/** What this master has said to each party, to tell what it has not: after a restore there are hosts that know better. */
export interface Given {
  /** A version of this master goes to the party. */
  gave(party: string, version: number): void
  /** Whether the party has seen a version that it can only have from another master; true once for each version. */
  isNews(party: string, seen: number, firstOfThisMaster: number): boolean
}

export function versionsGiven(): Given {
  const highest = new Map<string, number>()
  const known = (party: string) => highest.get(party) ?? 0
  const gave = (party: string, version: number) => void highest.set(party, Math.max(known(party), version))
  return {
    gave,
    isNews(party, seen, firstOfThisMaster) {
      const isNews = seen >= firstOfThisMaster && seen > known(party)
      if (isNews) gave(party, seen)
      return isNews
    },
  }
}
