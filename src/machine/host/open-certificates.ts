import type { Certificate } from '../../host/contract/goal.ts'
import { openerWith } from '../certificates/party-sealer.ts'

/** Opens what is sealed for the host with this private key, PEM, and makes a PFX without password of it all (wire-server.md 8). */
export function pfxMaker(privateKey: string): (certificates: readonly Certificate[]) => Promise<Uint8Array> {
  const { open } = openerWith(privateKey)
  return async (certificates) => {
    // Its library is large, and most hosts never need it.
    const { writePkcs12 } = await import('../certificates/pkcs12.ts')
    return writePkcs12(
      certificates.map(({ data, key }) => ({
        der: Buffer.from(data, 'base64'),
        key: key && open(key.sealed, key.purpose),
      })),
    )
  }
}
