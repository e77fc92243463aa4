import { readFileSync } from 'node:fs'
import type { MachineParty } from '../../fabric/contract/machines.ts'
import { certificateMarks } from '../certificates/fingerprint.ts'
import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'

/** Paths of PEM files. */
interface PairFiles {
  readonly cert: string
  readonly key: string
}

/** What the first machine of a fabric has in files. */
interface FirstMachineFiles {
  readonly authorities: { readonly fabric: PairFiles; readonly etcd?: PairFiles | undefined }
  /** By party. */
  readonly certificates: Readonly<Partial<Record<MachineParty, string>>>
}

/** Its authorities, and by what its certificates are known again. Throws the system's error when a file is missing. */
export function readFirstMachine({ authorities: { fabric, etcd }, certificates }: FirstMachineFiles) {
  return {
    authorities: { fabric: pairOf(fabric), ...(etcd && { etcd: pairOf(etcd) }) },
    certificates: Object.entries(certificates).map(([party, file]) => ({
      party: party as MachineParty,
      ...certificateMarks(readFileSync(file, 'utf8')),
    })),
  }
}

function pairOf({ cert, key }: PairFiles): KeyAndCertificate {
  return { certificatePem: readFileSync(cert, 'utf8'), keyPem: readFileSync(key, 'utf8') }
}
