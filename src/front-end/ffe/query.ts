import { fine, type Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Document } from '../contract/wire/document.ts'
import type { Call, Reply } from './call.ts'
import type { Fabric } from './fabric.ts'
import type { Place } from './place.ts'

/** The input of an operation that only reads. */
export interface Sources {
  readonly fabric: Fabric
  readonly place: Place
  now(): Instant
  /** Base64 of the public key of a certificate in Base64 of DER; undefined when it cannot be read. */
  readonly publicKeyOf: (certificate: string) => string | undefined
}

export type Query = (call: Call, sources: Sources) => Promise<Result<Reply>>

/** The answer with this document. */
export function reply<Value>(document: Document<Value>, value: Value, headers: Reply['headers'] = {}): Result<Reply> {
  return fine({ body: document.write(value), headers })
}
