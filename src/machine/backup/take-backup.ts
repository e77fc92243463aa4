import { existsSync } from 'node:fs'
import { cp, link, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { version } from '../../kernel/version.ts'
import { type FabricRecord, type Places, readRecord } from '../building/data-directory.ts'
import { etcdUrls } from '../building/etcd.ts'
import { filesOfParty } from '../building/machine-parties.ts'
import { readTls } from '../http/tls.ts'
import { readEtcdSnapshot } from '../store/etcd/etcd-snapshot.ts'
import { openGateway } from '../store/etcd/gateway.ts'
import { readSqliteSnapshot, type Snapshot } from '../store/sqlite-snapshot.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { backupFormat, type Manifest, parts } from './manifest.ts'
import { writeSealedArchive } from './sealed-archive.ts'

/** What of a data directory is its own, beside store and packages: keys, certificates, what the first start decided. */
export const ownFiles = [
  'fabric.json',
  'trust',
  'authority.pem',
  'management.pem',
  'management.key',
  'run/storage-account.json',
] as const

/** A package may be dropped between the moment of the records and ours; then the next moment is taken. Origin: choice. */
const tries = 5

/**
 * Saves a fabric into a file, while it runs or not: the records of one moment, as they lie sealed in the store, the keys that open them, and
 * the packages that they name. Blobs are not in it: their service is a staging area. Rejects with one sentence.
 */
export async function takeBackup(places: Places, file: string, passphrase: string): Promise<Manifest> {
  const record = readRecord(places)
  if (!record) throw new Error(`There is no fabric in ${places.data}. Name the directory of one with --data.`)
  using directory = temporaryDirectory(places.data)
  const staged = directory.path
  const snapshot = await stagedSnapshot(places, staged, () => snapshotOf(places, record))
  for (const name of ownFiles.filter((each) => existsSync(join(places.data, each))))
    await cp(join(places.data, name), join(staged, parts.fabric, name), { recursive: true, preserveTimestamps: true })
  const manifest: Manifest = {
    format: backupFormat,
    version,
    schema: snapshot.schema,
    subscriptionId: record.subscriptionId,
    takenAt: new Date().toISOString(),
    records: snapshot.records.length,
    packages: packagesIn(snapshot),
  }
  await writeFile(join(staged, parts.manifest), `${JSON.stringify(manifest, null, 2)}\n`)
  await mkdir(dirname(resolve(file)), { recursive: true })
  await writeSealedArchive(staged, passphrase, resolve(file))
  return manifest
}

/** All records of one moment, from the store of this fabric. */
async function snapshotOf(places: Places, { machine }: FabricRecord): Promise<Snapshot> {
  if (!machine) return readSqliteSnapshot(join(places.data, 'fabric', 'fabric.db'))
  if (!machine.etcd)
    throw new Error(
      `${machine.name} is a host and has none of the store. Take the backup on a candidate: reddog host list names them.`,
    )
  const gateway = openGateway({ urls: etcdUrls(machine), tls: readTls(filesOfParty(places, 'etcd')) })
  try {
    return await readEtcdSnapshot(gateway)
  } finally {
    gateway.close()
  }
}

/** Records and packages that belong together. Packages are linked, not copied: they never change. */
async function stagedSnapshot(places: Places, staged: string, look: () => Promise<Snapshot>): Promise<Snapshot> {
  for (let left = tries; ; left--) {
    const snapshot = await look()
    try {
      for (const sha256 of packagesIn(snapshot)) await stagePackage(places, staged, sha256)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      if (left > 1) continue
      throw new Error(
        'This machine does not hold a package that the fabric knows. Take the backup on the machine of the master: reddog host list names it.',
        { cause: error },
      )
    }
    const lines = snapshot.records.map((entry) => `${JSON.stringify(entry)}\n`)
    await writeFile(join(staged, parts.records), lines.join(''))
    return snapshot
  }
}

async function stagePackage(places: Places, staged: string, sha256: string): Promise<void> {
  const to = join(staged, parts.packages, sha256)
  await mkdir(to, { recursive: true })
  await link(packageFile(join(places.data, 'fabric', 'packages'), sha256), packageFile(dirname(to), sha256)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
}

/** Where a folder of packages has one (machine/blob/package-store.ts). */
export function packageFile(folder: string, sha256: string): string {
  return join(folder, sha256, 'package.cspkg')
}

const packagePrefix = 'package/'

function packagesIn({ records }: Snapshot): readonly string[] {
  return records.flatMap(([key]) => (key.startsWith(packagePrefix) ? key.slice(packagePrefix.length) : []))
}
