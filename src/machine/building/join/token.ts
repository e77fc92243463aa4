import { WrongUse } from '../wrong-use.ts'

/** `reddog1.<SHA-256 of the fabric's authority>.<secret>`. */
export interface Token {
  /** 64 hexadecimal digits, lower case: SHA-256 of the DER of the authority's certificate. */
  readonly authority: string
  /** 64 hexadecimal digits. */
  readonly secret: string
}

const form = /^reddog1\.([\da-f]{64})\.([\da-f]{64})$/

/** Throws a WrongUse that does not repeat the secret. */
export function readToken(text: string): Token {
  const [, authority, secret] = form.exec(text.trim()) ?? []
  if (authority === undefined || secret === undefined)
    throw new WrongUse(
      'What was given is no token of a fabric, or not all of one: it begins with reddog1. and has 137 characters. Print one with: reddog host token',
    )
  return { authority, secret }
}
