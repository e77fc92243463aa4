import { readFileSync } from 'node:fs'
import type { MachineParty } from '../../fabric/contract/machines.ts'
import type { FirstMachine } from '../../fabric/controller/machines/first-machine.ts'
import type { FirstMachineOptions } from '../../fabric/controller/options.ts'
import { certificateMarks } from '../certificates/fingerprint.ts'
import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'

/** Reads the authorities and the certificates of the first machine. Throws the system's error when a file is missing. */
export function readFirstMachine({ address, computer, authorities, certificates }: FirstMachineOptions): FirstMachine {
  const marks = Object.entries(certificates).map(([party, file]) => ({
    party: party as MachineParty,
    ...certificateMarks(readFileSync(file, 'utf8')),
  }))
  const { fabric, etcd } = authorities
  const read = { fabric: pairOf(fabric), ...(etcd && { etcd: pairOf(etcd) }) }
  return { address, computer, authorities: read, certificates: marks }
}

function pairOf({ cert, key }: { readonly cert: string; readonly key: string }): KeyAndCertificate {
  return { certificatePem: readFileSync(cert, 'utf8'), keyPem: readFileSync(key, 'utf8') }
}
