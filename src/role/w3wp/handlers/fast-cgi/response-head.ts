import type { HeaderList } from '../../rewrite/looking.ts'
import { endToEnd } from '../http/fields.ts'

/** Most of a program's answer before its body, in bytes. Origin: choice, as of programs that speak HTTP. */
export const longestHeadBytes = 64 * 1024

/** The head that a program of CGI sends before its body (RFC 3875, 6). */
export interface ResponseHead {
  readonly status: number
  readonly reason: string | undefined
  readonly headers: HeaderList
}

/** Where the head ends in the text, in which a character is a byte, and where the body begins; undefined when the head has not ended yet. */
export function headEnd(text: string): { readonly end: number; readonly body: number } | undefined {
  const found = /\r?\n\r?\n/.exec(text)
  return found ? { end: found.index, body: found.index + found[0].length } : undefined
}

/** Undefined when it is not such a head. `Status` is the status, a Location without one means 302; a status line of HTTP is accepted too. */
export function readHead(text: string): ResponseHead | undefined {
  const lines = text.split(/\r?\n/)
  const [, code, words] = /^HTTP\/\d\.\d (\d{3})(?: (.*))?$/.exec(lines[0] ?? '') ?? []
  const fields: (readonly [string, string])[] = []
  for (const line of code === undefined ? lines : lines.slice(1)) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\0\r]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return undefined
    fields.push([name, value.trimEnd()])
  }
  const has = (wanted: string) => fields.find(([name]) => name.toLowerCase() === wanted)?.[1]
  const [, status, reason] = /^(\d{3})(?: +(.*))?$/.exec(has('status') ?? '') ?? []
  const headers = endToEnd(fields).filter(([name]) => name.toLowerCase() !== 'status')
  const fallback = code ?? (has('location') === undefined ? '200' : '302')
  const said = Number(status ?? fallback)
  return said < 200 || said > 599 ? undefined : { status: said, reason: reason ?? words, headers }
}
