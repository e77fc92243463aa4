import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BlobServiceOptions } from '../blob-service/options.ts'
import { blobPort } from '../guest/namespace/guest-network.ts'
import type { Places } from './data-directory.ts'
import { type Member, readyFile, saysReady } from './member.ts'
import { writeWhole } from './write-whole.ts'

/** `storage-account.json`: the account that packages come from. */
export interface StorageAccount {
  readonly name: string
  readonly key: string
  /** `http://HOST:PORT/ACCOUNT`: path style, as everywhere where an account has no host name of its own (B-4). */
  readonly blobEndpoint: string
}

/** Bytes of an account key of the Blob service. */
const keyBytes = 64

/** The fabric's storage account, its key made at first start and stored in a file of mode 0600. */
export function openStorageAccount(places: Places, name: string, address: string): StorageAccount {
  if (!existsSync(places.storageAccount)) {
    const made: StorageAccount = {
      name,
      key: randomBytes(keyBytes).toString('base64'),
      blobEndpoint: `http://${address}:${blobPort}/${name}`,
    }
    writeWhole(places.storageAccount, `${JSON.stringify(made, null, 2)}\n`)
  }
  return JSON.parse(readFileSync(places.storageAccount, 'utf8')) as StorageAccount
}

/** The string with which client libraries of the Blob service sign in; those before 2.1 refuse a semicolon at the end. */
export function connectionString({ name, key, blobEndpoint }: StorageAccount): string {
  return `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};BlobEndpoint=${blobEndpoint}`
}

/** The Blob service of a fabric without a storage account of its own elsewhere. Behind a BlobGate it has another address than the account says. */
export function azurite(
  places: Places,
  account: StorageAccount,
  programs: string,
  address = new URL(account.blobEndpoint).hostname,
): Member {
  const options: BlobServiceOptions = {
    address,
    port: blobPort,
    location: join(places.data, 'azurite'),
    readyFile: readyFile(places, 'Azurite'),
  }
  return {
    name: 'Azurite',
    title: 'Azurite',
    program: join(programs, 'Azurite.mjs'),
    options,
    env: { AZURITE_ACCOUNTS: `${account.name}:${account.key}` },
    stopSignal: 'SIGTERM',
    ready: saysReady(places, 'Azurite'),
  }
}
