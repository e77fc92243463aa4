import { record } from '../../kernel/document/record.ts'
import { text } from '../../kernel/document/scalars.ts'
import { readDocument, writeDocument } from './document.ts'

/** Of the RSA key to which it is sealed: as the transport keys of certificates (wire-server.md 8). */
export const transportKeyBits = 2048

/** What a machine key is sealed to a guest for. */
export const machineKeyPurpose = 'machine key'

const machineKeyTag = record('MachineKey', { sealed: text('Data') })

/** The machine key, sealed to the guest that asked (wire-server.md 8). */
export function writeMachineKey(sealed: string): string {
  return writeDocument(machineKeyTag, { sealed })
}

/** What is sealed in it. Throws XmlError when it is no such document. */
export function readMachineKey(source: string): string {
  return readDocument(machineKeyTag, source).sealed
}
