import type { TlsFiles } from '../http/tls.ts'

/** A listener's address. */
export interface Place {
  readonly address: string
  /** 0: any free one; the ready file says which. */
  readonly port: number
}

/** The options of the BlobGate process: the JSON file whose path is its only argument. */
export interface BlobGateOptions {
  /** Name of its machine. */
  readonly machine: string
  /** `127.b.0.3:10000`: where programs of this machine find the Blob service of the fabric. */
  readonly inner: Place
  /** Of a candidate. */
  readonly candidate?:
    | {
        /** The machine's own address: the way to its Blob service for other machines. */
        readonly outer: Place
        /** Its Blob service itself. */
        readonly service: Place
      }
    | undefined
  /** Port of that way at every candidate. */
  readonly outerPort: number
  /** The certificate has the common name `machine:NAME`. They are read again when they change. */
  readonly tls: TlsFiles
  /** A file with a MachinesView, read again when it changes; while it is not there, nobody is master. */
  readonly machinesFile: string
  readonly readyFile: string
  readonly logFile: string
}
