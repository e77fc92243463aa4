import { listenerFields } from '../../role/contract/web-request.ts'
import { valuesOf } from './head.ts'

/** A field in which the platform's balancer names the client (I-36). */
export const clientField = 'x-reddog-client'

/** Fields that concern one connection alone (RFC 9110, 7.6.1), and those between the platform's parts. */
const neverPassed = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  clientField,
  listenerFields.request,
  listenerFields.answer,
])

/** Fields that a client may not have removed by naming them in Connection. */
const alwaysPassed = new Set(['host', 'content-length', 'content-type', 'authorization', 'cookie'])

/** The fields that go on, name and value in turn: without those of the connection, those that Connection names, and the platform's own. */
export function passedFields(fields: readonly string[]): readonly string[] {
  const named = new Set(
    valuesOf(fields, 'connection').flatMap((value) => value.split(',').map((token) => token.trim().toLowerCase())),
  )
  const passed: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    const written = fields[at] as string
    const name = written.toLowerCase()
    const isDropped = neverPassed.has(name) || (named.has(name) && !alwaysPassed.has(name))
    if (!isDropped) passed.push(written, fields[at + 1] as string)
  }
  return passed
}

/** The value of the field that w3wp answers with. */
export function answerField(fields: readonly string[]): string | undefined {
  return valuesOf(fields, listenerFields.answer)[0]
}
