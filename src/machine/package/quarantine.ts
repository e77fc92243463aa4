import { tooMuch } from '../../service-model/cspkg/refusal.ts'
import { type PackageLimits, sizeText } from './limits.ts'

/** The one directory that reading a package may write to, and how much. */
export interface Quarantine {
  readonly directory: string
  readonly limits: PackageLimits
  /** Nothing of a role is written: a reader that stores packages as they are needs only to know that they are valid, and what will happen to them. */
  readonly verifiesOnly: boolean
  /** Takes bytes from the total that may be written. Throws Refusal when it is used up. */
  spend(bytes: number): void
}

export function quarantineIn(directory: string, limits: PackageLimits, verifiesOnly = false): Quarantine {
  let spentBytes = 0
  return {
    directory,
    limits,
    verifiesOnly,
    spend(bytes) {
      spentBytes += bytes
      if (spentBytes > limits.totalBytes) throw tooMuch('the package', 'unpacks to more', sizeText(limits.totalBytes))
    },
  }
}
