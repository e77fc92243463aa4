import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type RestorationRecord, restorationKey } from '../../fabric/contract/restoration.ts'
import { batchLimits, type Write } from '../../kernel/store.ts'
import { stored } from '../../kernel/stored.ts'
import { storeSchema } from '../../kernel/version.ts'
import { type FabricRecord, type Places, placesOf, readRecord } from '../building/data-directory.ts'
import { takeBack } from '../building/directory-owner.ts'
import { onlyMember } from '../building/etcd.ts'
import { upHolder } from '../building/lock.ts'
import { etcdRevocationsFile } from '../building/machine-parties.ts'
import type { MachineRecord } from '../building/machine-record.ts'
import { makeDirectory } from '../building/make-directory.ts'
import { recordedProcesses } from '../building/process-record.ts'
import { writeWhole } from '../building/write-whole.ts'
import { openSealer, type Sealer } from '../certificates/sealer.ts'
import { flush, flushTree } from '../flush-tree.ts'
import { purposeOf } from '../store/sealed-store.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { backedUpRecords } from './backed-up-records.ts'
import { type Manifest, parts, readManifest } from './manifest.ts'
import { askerOf, controllersToAsk, masterAmong } from './master-elsewhere.ts'
import { othersRevoked } from './others-revoked.ts'
import { openSealedArchive } from './sealed-archive.ts'
import { ownFiles, packageFile } from './take-backup.ts'

const databaseFile = 'fabric.db'
const restoredFile = 'restored.jsonl'

/** Titles of the processes that must not run beside a store that is brought back: they know a newer one. Hosts, guests and balancer may run on. */
const keepers: readonly string[] = ['FabricController', 'RDFE', 'Portal', 'Azurite', 'etcd']

/**
 * Brings a fabric back from a backup into its own data directory, or a new one. Everything is checked beside it before anything of it is replaced;
 * what stood there goes to `before-restore-…` below it. Rejects with one sentence, and nothing is changed then. `say` gets a line for each step.
 */
export async function restore(
  places: Places,
  file: string,
  passphrase: string,
  say: (line: string) => void,
): Promise<Manifest> {
  const isNew = !existsSync(places.data)
  makeDirectory(places.data)
  const directory = temporaryDirectory(places.data)
  const opened = directory.path
  try {
    say(`Opening ${file}.`)
    await openSealedArchive(file, passphrase, opened)
    const manifest = readManifest(opened, storeSchema)
    mayReplace(places, manifest)
    await checkPackages(opened, manifest)
    say(`${manifest.records} records and ${manifest.packages.length} packages of ${manifest.takenAt} are whole.`)
    const machine = await alone(opened)
    const records = await recordsIn(opened, manifest)
    if (machine) await mayBeMaster(places, opened, records)
    await writeStore(opened, manifest, records, machine)
    await moveIn(places, opened, manifest)
    return manifest
  } finally {
    directory[Symbol.dispose]()
    if (isNew) await rmdir(places.data).catch(() => {})
  }
}

/** Throws a sentence when the directory belongs to another fabric, or its fabric runs. */
function mayReplace(places: Places, manifest: Manifest): void {
  const there = readRecord(places)
  if (there && there.subscriptionId !== manifest.subscriptionId)
    throw new Error(
      `The backup is of the fabric with the subscription ${manifest.subscriptionId}; in ${places.data} is another, ${there.subscriptionId}. Name its own directory with --data, or one that does not exist.`,
    )
  const running = recordedProcesses(places).filter(({ record }) => keepers.includes(record.title))
  if (upHolder(places) || running.length > 0)
    throw new Error(
      `The fabric in ${places.data} runs${running.length > 0 ? ` (${running.map(({ name }) => name).join(', ')})` : ''}. End it first: reddog down --data ${places.data}`,
    )
}

async function checkPackages(opened: string, { packages }: Manifest): Promise<void> {
  for (const sha256 of packages) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(packageFile(join(opened, parts.packages), sha256)), hash)
    if (hash.digest('hex') !== sha256)
      throw new Error(`The package ${sha256} in the backup is damaged. Use another backup.`)
  }
}

/** Records as they were sealed, a line each. */
async function recordsIn(opened: string, { records }: Manifest): Promise<readonly string[]> {
  const lines = (await readFile(join(opened, parts.records), 'utf8')).split('\n').filter((line) => line !== '')
  if (lines.length !== records)
    throw new Error(`The backup has ${lines.length} records and says ${records}. Use another backup.`)
  return lines
}

function sealerIn(opened: string): Sealer {
  return openSealer(join(opened, parts.fabric, 'trust', 'fabric.key'))
}

/** Throws a sentence when the fabric has a master: with the one of the restored there would be two, above two stores. */
async function mayBeMaster(places: Places, opened: string, records: readonly string[]): Promise<void> {
  const urls = controllersToAsk(places, backedUpRecords(records, sealerIn(opened)))
  const master = await masterAmong(urls, askerOf(places, placesOf(join(opened, parts.fabric))))
  if (master !== undefined)
    throw new Error(
      `The fabric has a master, at ${master}, and with a restore it would have two. To bring the backup back nevertheless, end the fabric on the machines with a controller first: reddog down. To have this machine in the fabric as it is, let it join: reddog host join.`,
    )
}

/**
 * The store with the records as they were sealed, and one that says that it was brought back: a file of SQLite, or, since etcd has to run first, one
 * that the first master takes in.
 */
async function writeStore(
  opened: string,
  manifest: Manifest,
  records: readonly string[],
  machine: MachineRecord | undefined,
): Promise<void> {
  const sealer = sealerIn(opened)
  const restoration: RestorationRecord = {
    takenAt: manifest.takenAt,
    restoredAt: new Date().toISOString(),
    cleared: [],
  }
  const sealed = sealer.seal(Buffer.from(JSON.stringify(restoration)), purposeOf(restorationKey))
  const all = [...records, JSON.stringify([restorationKey, sealed])]
  if (machine) {
    const revoked = othersRevoked(backedUpRecords(records, sealer), machine.name)
    if (revoked !== undefined) await writeFile(etcdRevocationsFile(placesOf(join(opened, parts.fabric))), revoked)
    await writeFile(join(opened, restoredFile), [manifest.schema, ...all, ''].join('\n'), { mode: 0o600, flush: true })
    return
  }
  const store = openSqliteStore(join(opened, databaseFile), manifest.schema)
  try {
    const writes = all.map((line): Write => {
      const [key, value] = JSON.parse(line) as [string, string]
      return { key, value }
    })
    for (let at = 0; at < writes.length; at += batchLimits.records)
      await stored((answered) => store.commit(writes.slice(at, at + batchLimits.records), answered))
  } finally {
    store.close()
  }
}

/**
 * What stands there goes aside, and the record of the fabric comes last: without it the directory has none. Killed in between, or ended by a power cut,
 * it leaves the mark by which `up` begins no other fabric there, and the same restore begins again.
 */
async function moveIn(places: Places, opened: string, manifest: Manifest): Promise<void> {
  const fabric = join(places.data, 'fabric')
  const aside = join(places.data, `before-restore-${new Date().toISOString().replaceAll(':', '')}`)
  await mkdir(join(places.data, 'run'), { recursive: true, mode: 0o700 })
  await mkdir(join(fabric, parts.packages), { recursive: true, mode: 0o700 })
  // A start with accounts of their own for the parts sees by it that there are files of this account.
  takeBack(fabric)
  await mkdir(aside, { mode: 0o700 })
  await flushTree(opened)
  writeWhole(places.restoring, manifest.subscriptionId)
  await flush(places.data)
  const stores = [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`, restoredFile].map(
    (name) => `fabric/${name}`,
  )
  for (const name of [...ownFiles, ...stores, 'etcd'])
    if (existsSync(join(places.data, name))) {
      await mkdir(dirname(join(aside, name)), { recursive: true, mode: 0o700 })
      await rename(join(places.data, name), join(aside, name))
    }
  for (const sha256 of manifest.packages)
    if (!existsSync(packageFile(join(fabric, parts.packages), sha256)))
      await movePackage(join(opened, parts.packages, sha256), join(fabric, parts.packages, sha256))
  for (const name of [databaseFile, restoredFile])
    if (existsSync(join(opened, name))) await rename(join(opened, name), join(fabric, name))
  for (const name of ownFiles.toReversed())
    if (existsSync(join(opened, parts.fabric, name)))
      await rename(join(opened, parts.fabric, name), join(places.data, name))
  await flushTree(aside)
  for (const changed of [fabric, join(fabric, parts.packages), places.run, places.data]) await flush(changed)
  await rm(places.restoring)
  await flush(places.data)
}

/** In the place of the remains of one that was interrupted. */
async function movePackage(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await rename(from, to)
}

/** The machine begins a new etcd, of which it is the only member. */
async function alone(opened: string): Promise<MachineRecord | undefined> {
  const file = join(opened, parts.fabric, 'fabric.json')
  const record = JSON.parse(await readFile(file, 'utf8')) as FabricRecord
  const { machine } = record
  if (machine?.etcd?.kind === 'member') {
    const etcd: MachineRecord['etcd'] = {
      kind: 'member',
      initialCluster: onlyMember(machine),
      state: 'new',
      token: `reddog-${randomUUID()}`,
    }
    await writeFile(file, `${JSON.stringify({ ...record, machine: { ...machine, etcd } }, null, 2)}\n`)
  }
  return machine
}
