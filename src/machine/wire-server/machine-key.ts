import { createPublicKey, type KeyObject } from 'node:crypto'
import { machineKeyPurpose, transportKeyBits, writeMachineKey } from '../../guest/contract/machine-key.ts'
import { sealerToKey } from '../certificates/party-sealer.ts'
import { document, type Reply, refusal } from './reply.ts'

/** The machine key for this guest's eyes (I-14). `transport` is its public key, SPKI in Base64. */
export function sealMachineKey(open: () => Uint8Array, transport: string | undefined): Reply {
  const key = publicKeyOf(transport)
  if (!key)
    return refusal(400, `The guest’s transport key is missing, or is no RSA key of ${transportKeyBits} bits in Base64.`)
  return document(writeMachineKey(sealerToKey(key).seal(open(), machineKeyPurpose)))
}

function publicKeyOf(transport: string | undefined): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(transport ?? '', 'base64'), format: 'der', type: 'spki' })
    const isOurs = key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === transportKeyBits
    return isOurs ? key : undefined
  } catch {
    return undefined
  }
}
