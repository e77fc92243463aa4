import { readFileSync, statSync } from 'node:fs'
import { systemWords } from '../../kernel/system-words.ts'
import type { StorageAccount } from './azurite.ts'

/** Such a file has some 200 bytes. */
const fileLimitBytes = 64 * 1024

/** The field's rule for names of storage accounts. */
const accountName = /^[a-z0-9]{3,24}$/

/** Base64 of the key; those of the field have 88 characters. */
const accountKey = /^[A-Za-z0-9+/]{4,1000}={0,2}$/

/**
 * The storage account elsewhere that packages come from instead of the Blob service of the fabric (`--blob-account FILE`). Throws an Error with one
 * sentence when the file is none, may be read by others, or names no account.
 */
export function readBlobAccount(file: string): StorageAccount {
  const wrong = (found: string, remedy = example) => new Error(`--blob-account ${file}: ${found}. ${remedy}`)
  const text = ownText(file, wrong)
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    throw wrong('it is no JSON')
  }
  if (typeof read !== 'object' || read === null) throw wrong('it is no object of JSON')
  const { name, key, blobEndpoint } = read as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || !accountName.test(name))
    throw wrong('"name" is no name of a storage account, which has 3 to 24 small letters and digits')
  if (typeof key !== 'string' || !accountKey.test(key)) throw wrong('"key" is no Base64 text')
  if (typeof blobEndpoint !== 'string' || !isEndpoint(blobEndpoint))
    throw wrong('"blobEndpoint" is no http or https address without user and query')
  return { name, key, blobEndpoint: blobEndpoint.replace(/\/+$/, '') }
}

const example =
  'Write {"name":"ACCOUNT","key":"KEY","blobEndpoint":"https://ACCOUNT.blob.core.windows.net"}, with the values of the account.'

/** The text of a file that nobody else may read. */
function ownText(file: string, wrong: (found: string, remedy?: string) => Error): string {
  try {
    const { mode, size } = statSync(file)
    if ((mode & 0o077) !== 0)
      throw wrong('other users may read it, and it holds a key', `Close it with: chmod 600 ${file}`)
    if (size > fileLimitBytes) throw wrong(`it has more than ${fileLimitBytes / 1024} KiB`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? wrong(systemWords(error)) : error
  }
}

function isEndpoint(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.search === '' &&
    url.hash === ''
  )
}
