import { isUtf8 } from 'node:buffer'
import { listenerFields } from '../../../contract/web-request.ts'
import { type HeaderList, valuesOf } from '../../rewrite/looking.ts'

/** Fields of one connection (RFC 9110, 7.6.1), those that state how a body is framed there, and those between listener and w3wp. */
const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  ...Object.values(listenerFields),
])

/** The fields that go on, without those of the connection and those that its Connection field names. */
export function endToEnd(headers: HeaderList): HeaderList {
  const named = new Set(
    valuesOf(headers, 'connection').flatMap((value) => value.split(',').map((word) => word.trim().toLowerCase())),
  )
  return headers.filter(([written]) => {
    const name = written.toLowerCase()
    return !connectionFields.has(name) && !named.has(name)
  })
}

/** Without fields that only the server itself may set. */
export function without(headers: HeaderList, isOurs: (name: string) => boolean): HeaderList {
  return headers.filter(([name]) => !isOurs(name.toLowerCase()))
}

/** A field with one more value at its end; a new field when there was none. */
export function appended(headers: HeaderList, name: string, word: string): HeaderList {
  const found = headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return [...without(headers, (one) => one === name.toLowerCase()), [name, [...found, word].join(', ')]]
}

/** Pairs of a list in which names and values take turns, as Node has them. */
export function pairs(raw: readonly string[]): HeaderList {
  const fields: (readonly [string, string])[] = []
  for (let at = 0; at < raw.length; at += 2) fields.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return fields
}

/** A value as bytes of a header: text beyond Latin-1 in UTF-8, without line ends. */
export function fieldValue(text: string): string {
  const line = text.replace(/[\r\n\0]+/g, ' ')
  return /[^\0-\xff]/.test(line) ? Buffer.from(line, 'utf8').toString('latin1') : line
}

/**
 * A text that a rule or a server variable has, as bytes of UTF-8: decoded text, or what the client has sent, which Node has as a character for each
 * byte already. What is UTF-8 as such bytes is taken for them.
 */
export function textBytes(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  return fieldValue(isUtf8(bytes) ? text : utf8Bytes(text))
}

/** Decoded text as bytes of UTF-8, a character for each. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
