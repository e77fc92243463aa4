import type { Document } from '../../front-end/contract/wire/document.ts'
import { Failure } from '../failure.ts'
import type { Slot } from './answers.ts'
import { type Answer, ApiRefusal } from './api.ts'

/** What a document reads as. */
export type Read<D> = D extends Document<infer Value> ? Value : never

/** Places of a path that names a deployment by its slot. */
export function inSlot(service: string, slot: Slot) {
  return { service, slot, deployment: `deploymentslots/${slot}` }
}

/** The document that was answered. */
export function read<Value>(answer: Answer, document: Document<Value>): Value {
  const found = document.read(answer.text)
  if (found.ok) return found.value
  throw new Failure(`The fabric answered something that this client cannot read: ${found.fault.message}`)
}

/** Undefined for a 404: the absence that was asked about. */
export async function unlessMissing<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return undefined
    throw error
  }
}
