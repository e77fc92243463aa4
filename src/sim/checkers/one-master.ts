import type { Fact } from '../fact.ts'
import type { Checker } from './checker.ts'

/**
 * Epochs only grow, each belongs to one master, and only the master of the newest one commits. Nobody else answers as master either: what is
 * shown is not overtaken.
 */
export function oneMaster(): Checker {
  let newest = 0
  let master: string | undefined

  function complaint(fact: Fact & { kind: 'wrote' | 'answered' }): string | undefined {
    const { by, epoch } = fact
    if (fact.kind === 'wrote' && fact.what === 'opening') {
      const former = newest
      newest = epoch
      master = by
      return epoch > former ? undefined : `${by} has opened the store under epoch ${epoch}, after ${former}`
    }
    const is = `${by} of epoch ${epoch} has ${fact.kind === 'wrote' ? 'committed' : 'answered'}`
    if (by !== master || epoch < newest) return `${is}, while ${master} of epoch ${newest} is master`
    if (fact.kind === 'wrote') newest = epoch
    return undefined
  }

  return {
    name: 'one-master',
    /** Its epoch is older. */
    restored() {
      newest = 0
    },
    check: (facts) =>
      facts.flatMap((fact) => (fact.kind === 'wrote' || fact.kind === 'answered' ? (complaint(fact) ?? []) : [])),
  }
}
