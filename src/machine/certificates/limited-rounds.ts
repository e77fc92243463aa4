import forge from 'node-forge'

/** More rounds of key derivation were asked for than were granted. */
export class TooManyRounds extends Error {}

/** What the file that is being read may still spend. */
let left = Number.POSITIVE_INFINITY

/**
 * Calls `read` with so many rounds of key derivation for all that forge derives in it. They are counted where they are carried out: a file asks for
 * some only inside of what it has encrypted. Throws TooManyRounds before the rounds that are too many.
 */
export function withRounds<Value>(most: number, read: () => Value): Value {
  left = most
  try {
    return read()
  } finally {
    left = Number.POSITIVE_INFINITY
  }
}

/** A function of forge that derives a key, with the number of rounds as the argument at this place. */
type Derive = (...given: readonly unknown[]) => unknown

function counted(derive: Derive, place: number): Derive {
  return (...given) => {
    left -= Math.abs(given[place] as number)
    // No number is too many.
    if (!(left >= 0)) throw new TooManyRounds()
    return derive(...given)
  }
}

/** Its types name neither; `pbe` derives for RFC 7292, and `pkcs12` has taken its function at the beginning. */
const { pkcs5, pki, pkcs12 } = forge as unknown as {
  readonly pkcs5: { pbkdf2: Derive }
  readonly pki: { readonly pbe: { generatePkcs12Key: Derive } }
  readonly pkcs12: { generateKey: Derive }
}
pkcs5.pbkdf2 = counted(pkcs5.pbkdf2, 2)
pki.pbe.generatePkcs12Key = counted(pki.pbe.generatePkcs12Key, 3)
pkcs12.generateKey = counted(pkcs12.generateKey, 3)
