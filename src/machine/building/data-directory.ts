import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IsolationKind } from '../guest/isolation.ts'
import type { MachineRecord } from './machine-record.ts'
import { makeDirectory } from './make-directory.ts'
import { freeNetwork } from './network.ts'
import { writeWhole } from './write-whole.ts'

/** `<data>/fabric.json`: decisions of the first start that hold as long as the data directory. */
export interface FabricRecord {
  /** Version of everything under the data directory; a newer one is refused. */
  readonly format: number
  /** The b of the fabric's own 127.b.0.0/16. */
  readonly network: number
  readonly subscriptionId: string
  /** Port that `--port 0` found, so that the publish settings stay true. */
  readonly foundPort?: number | undefined
  /** The same of the portal, so that a bookmark stays true. */
  readonly foundPortalPort?: number | undefined
  readonly blobAccount: string
  /** How guests are separated; null until the first start has settled it. Absent in records of a Reddog that knew `process` alone. */
  readonly isolation?: IsolationKind | null
  /** What this machine is among several; absent: it is the only one. */
  readonly machine?: MachineRecord | undefined
}

/** Where everything stands under a data directory. */
export interface Places {
  readonly data: string
  readonly run: string
  readonly logs: string
  readonly trust: string
  readonly record: string
  readonly publishSettings: string
  readonly authority: string
  readonly managementCertificate: string
  readonly managementKey: string
  readonly storageAccount: string
  /** The addresses of the portal, one a line: this machine's first. */
  readonly portalUrl: string
  /** Packages that the portal reads. */
  readonly portalPackages: string
  /** The URLs of the controllers, of a machine among several. */
  readonly controllers: string
  /** Stands there while a restore moves things: what is beside it may be of two fabrics, or half of one. */
  readonly restoring: string
  /** Whether parts run under accounts of their own (`accounts.ts`), and so have directories of their own for what they write. */
  readonly accounts?: boolean
}

const knownFormat = 1

export function placesOf(data: string, accounts = false): Places {
  return {
    accounts,
    data,
    run: join(data, 'run'),
    logs: join(data, 'logs'),
    trust: join(data, 'trust'),
    record: join(data, 'fabric.json'),
    publishSettings: join(data, 'reddog.publishsettings'),
    authority: join(data, 'authority.pem'),
    managementCertificate: join(data, 'management.pem'),
    managementKey: join(data, 'management.key'),
    storageAccount: join(data, 'run', 'storage-account.json'),
    portalUrl: join(data, 'portal.url'),
    portalPackages: join(data, 'portal'),
    controllers: join(data, 'run', 'controllers.json'),
    restoring: join(data, 'restoring'),
  }
}

/**
 * Makes the directories that `up` itself writes to. The data directory can be traversed, so that guests reach their own trees; its secret parts are
 * closed.
 */
export function makePlaces(places: Places): void {
  makeDirectory(places.data)
  for (const directory of [places.run, places.logs, places.trust])
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  // Node judges a role's modules by the nearest package.json above them: the search must end here, not in a checkout.
  writeWhole(join(places.data, 'package.json'), '{}\n', 0o644)
}

/** The record of a fabric that begins: of one machine, until it is told more. */
export function newRecord(): FabricRecord {
  return {
    format: knownFormat,
    network: freeNetwork(),
    subscriptionId: randomUUID(),
    blobAccount: `reddog${randomBytes(6).toString('hex')}`,
    isolation: null,
  }
}

/** The record, or undefined when there is no fabric in the directory. Throws an Error with one sentence when a newer Reddog wrote it. */
export function readRecord(places: Places): FabricRecord | undefined {
  let text: string
  try {
    text = readFileSync(places.record, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const record = JSON.parse(text) as FabricRecord
  if (record.format > knownFormat)
    throw new Error(
      `The data directory ${places.data} was written by a newer Reddog: its format is ${record.format}, this one reads up to ${knownFormat}. Use that version, or another directory with --data.`,
    )
  return record
}

export function saveRecord(places: Places, record: FabricRecord): void {
  writeWhole(places.record, `${JSON.stringify(record, null, 2)}\n`, 0o644)
}

/** For the files of keepalived. */
export function vipsDirectory({ data }: Pick<Places, 'data'>): string {
  return join(data, 'vips')
}
