import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'

/** The operator's settings for this server. */
export interface Place {
  /** `x-ms-servedbyregion`. */
  readonly region: string
  /** Names of locations, at least one (S-3). */
  readonly locations: readonly string[]
  /** The account that packages are uploaded to (B-5). */
  readonly storage: StorageAccount
}

export interface StorageAccount {
  readonly name: string
  /** Base64. */
  readonly key: string
  readonly blobEndpoint: string
}

/** The location of that name, letter case aside, in its own spelling (C-1). */
export function knownLocation({ locations }: Place, asked: string): Result<string> {
  const known = locations.find((name) => name.toLowerCase() === asked.toLowerCase())
  return known === undefined
    ? refusals.bad(`The location "${asked}" is not known here. Locations: ${locations.join(', ')}.`)
    : fine(known)
}
