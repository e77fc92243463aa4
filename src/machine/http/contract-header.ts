import { contractVersion, version } from '../../kernel/version.ts'

/** Request field in which a part says the version of its contract; a part that says none is of before it existed. */
export const contractHeader = 'reddog-contract'

/** The field with our own version, for every request to another part. */
export const ownContract = { [contractHeader]: String(contractVersion) } as const

/**
 * Why two parts do not understand each other: their contracts differ by more than one (docs/decisions/releases.md). Undefined: they do. `theirs` is
 * the field of a request.
 */
export function contractRefusal(theirs: string | undefined, ours = contractVersion): string | undefined {
  const said = theirs === undefined ? 0 : Number(theirs)
  if (Number.isSafeInteger(said) && Math.abs(said - ours) <= 1) return undefined
  const older = said < ours ? 'the caller' : 'this part'
  return `this is Reddog ${version} with contract ${ours}, and the caller has contract ${theirs ?? 0}: parts understand each other when they differ by one at most. Upgrade the machine of ${older} first, one release after the other.`
}
