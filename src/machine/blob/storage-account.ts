import { readFileSync } from 'node:fs'

/** The storage account whose blobs the fabric may read with the account's own key (B-1). */
export interface StorageAccount {
  readonly name: string
  readonly key: string
  /** `http://HOST:PORT/ACCOUNT` or `https://ACCOUNT.blob.SUFFIX` (B-4). */
  readonly blobEndpoint: string
}

/** Reads the account's file. Throws when it is missing or no JSON. */
export function readStorageAccount(file: string): StorageAccount {
  return JSON.parse(readFileSync(file, 'utf8')) as StorageAccount
}

/** Container and blob of an address in the account; undefined when the address is of another one. */
export function blobIn(
  account: StorageAccount,
  url: URL,
): { readonly container: string; readonly blob: string } | undefined {
  const endpoint = new URL(account.blobEndpoint)
  const prefix = endpoint.pathname.replace(/\/?$/, '/')
  if (url.origin !== endpoint.origin || !url.pathname.startsWith(prefix)) return undefined
  const [container = '', ...rest] = url.pathname.slice(prefix.length).split('/').map(decodeURIComponent)
  return container !== '' && rest.length > 0 ? { container, blob: rest.join('/') } : undefined
}
