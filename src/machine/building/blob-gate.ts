import { join } from 'node:path'
import type { BlobGateOptions } from '../blob-gate/options.ts'
import { blobGatePort } from '../cluster/ports.ts'
import { blobPort } from '../guest/namespace/guest-network.ts'
import type { TlsFiles } from '../http/tls.ts'
import type { Places } from './data-directory.ts'
import { logFile, type Member, readyFile, saysReady } from './member.ts'
import { ownAddress } from './network.ts'

/** `run/machines.json`: the MachinesView that the master gave last. */
export function machinesFile({ run }: Pick<Places, 'run'>): string {
  return join(run, 'machines.json')
}

/** On a machine of several: its way to the Blob service of the master's, and, of a candidate, the way to its own. */
export function blobGate(
  places: Places,
  machine: {
    readonly name: string
    readonly address: string
    readonly controller: boolean
    /** The b of 127.b.0.0/16. */
    readonly network: number
    /** Its certificate has the common name `machine:NAME`. */
    readonly tls: TlsFiles
  },
  programs: string,
): Member {
  const { name, address, controller, network, tls } = machine
  const options: BlobGateOptions = {
    machine: name,
    inner: { address: ownAddress(network, 'blob'), port: blobPort },
    candidate: controller
      ? {
          outer: { address, port: blobGatePort },
          service: { address: ownAddress(network, 'blobService'), port: blobPort },
        }
      : undefined,
    outerPort: blobGatePort,
    tls,
    machinesFile: machinesFile(places),
    readyFile: readyFile(places, 'BlobGate'),
    logFile: logFile(places, 'BlobGate'),
  }
  return {
    name: 'BlobGate',
    title: 'BlobGate',
    program: join(programs, 'BlobGate.mjs'),
    options,
    stopSignal: 'SIGTERM',
    ready: saysReady(places, 'BlobGate'),
  }
}
