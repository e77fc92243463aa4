import { fine, type Result } from '../../kernel/fault.ts'
import { base64OfText, textOfBase64 } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'
import type { Call } from './call.ts'

/** Header that carries a continuation token both ways. */
export const continuationHeader = 'x-ms-continuation-token'

/** Most entries of one answer. */
export const pageSize = 1000

/** The part of a list that a call asks for, ordered by a key that no two share and that has this form; `next` is the token of the following part. */
export function pageOf<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  call: Call,
  form = /^/,
): Result<{ readonly items: readonly Item[]; readonly next: string | undefined }> {
  const begin = keyAfter(call, form)
  if (!begin.ok) return begin
  const after = begin.value ?? ''
  const ordered = all
    .map((item) => ({ key: keyOf(item), item }))
    .filter(({ key }) => key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const last = ordered.length > pageSize ? ordered[pageSize - 1] : undefined
  return fine({
    items: ordered.slice(0, pageSize).map(({ item }) => item),
    next: last && tokenAfter(last.key),
  })
}

/** The token of the page after the entry with this key. */
export function tokenAfter(key: string): string {
  return base64OfText(`after:${key}`)
}

/** The key, of this form, of the last entry that the caller has seen; undefined at the beginning of the list. */
export function keyAfter(call: Call, form: RegExp): Result<string | undefined> {
  const token = call.query.get('continuationtoken')
  if (!token) return fine(undefined)
  const key = textOfBase64(token)?.match(/^after:(.*)$/s)?.[1]
  return key !== undefined && form.test(key)
    ? fine(key)
    : refusals.bad(`The continuation token "${token}" is unknown. Begin the list anew.`)
}
