import { constants, type KeyObject, privateDecrypt, publicEncrypt, X509Certificate } from 'node:crypto'
import { newSealingKey, type Sealer, sealerWith } from './sealer.ts'

/** How the key of each secret is encrypted to the party. */
const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const

/** Stands between the encrypted key and what is sealed with it; no digit of Base64. */
const separator = '.'

/** Seals secrets for the party that has this certificate, PEM: nobody else can open them, not even the sealer. */
export function sealerTo(certificate: string): Pick<Sealer, 'seal'> {
  return sealerToKey(new X509Certificate(certificate).publicKey)
}

/** Closes secrets to the party that has the private key of this one, RSA. */
export function sealerToKey(publicKey: KeyObject): Pick<Sealer, 'seal'> {
  return {
    seal(secret, purpose) {
      const key = newSealingKey()
      const closedKey = publicEncrypt({ key: publicKey, ...padding }, key).toString('base64')
      return [closedKey, sealerWith(key).seal(secret, purpose)].join(separator)
    },
  }
}

/** Opens what was sealed for the party that has this private key, PEM. */
export function openerWith(privateKey: string): Pick<Sealer, 'open'> {
  return {
    open(sealed, purpose) {
      const [closedKey = '', closed = ''] = sealed.split(separator)
      const key = privateDecrypt({ key: privateKey, ...padding }, Buffer.from(closedKey, 'base64'))
      return sealerWith(key).open(closed, purpose)
    },
  }
}
