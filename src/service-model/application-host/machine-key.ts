import { type Markup, xml } from '../../kernel/xml.ts'

/** Of a machine key: as many bytes for HMACSHA256 as its block has, as many for AES as its longest key has. */
const validationBytes = 64
const decryptionBytes = 32
export const machineKeyBytes = validationBytes + decryptionBytes

/** The input from which the machine key of a role in a deployment is derived: others never share it (I-14). */
export function purposeOfMachineKey(deployment: string, role: string): string {
  return `machine key ${deployment}/${role}`
}

/** Whether these are the hexadecimal digits of both keys, in whatever case. */
export function isMachineKey(digits: string): boolean {
  return digits.length === 2 * machineKeyBytes && /^[0-9a-f]{1,200}$/i.test(digits)
}

/** The element `machineKey`; `digits` are the hexadecimal digits of both keys. Throws a sentence when they are not. */
export function machineKeyElement(digits: string): Markup {
  const key = digits.toUpperCase()
  if (!isMachineKey(key)) throw new Error(`The machine key does not have ${2 * machineKeyBytes} hexadecimal digits.`)
  return xml('machineKey', {
    validationKey: key.slice(0, 2 * validationBytes),
    decryptionKey: key.slice(2 * validationBytes),
    validation: 'HMACSHA256',
    decryption: 'AES',
  })
}
