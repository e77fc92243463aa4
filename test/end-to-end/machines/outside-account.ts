import { equal } from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AccountSASPermissions, BlobServiceClient } from '@azure/storage-blob'
import { accountCommand, accountKey, accountName, connectionTo, listening } from '../../storage-account.ts'
import { type Computer, type Lan, outsideAddress } from './lan.ts'

/** A storage account that is none of the fabric's: Azurite on the computer outside. It ends with the segment. */
export interface OutsideAccount {
  readonly connectionString: string
  /** Writes what `--blob-account` names, on the disk of a computer. */
  fileOn(computer: Computer): string
  /** Uploads a file as others than Reddog do; resolves with the address of the blob. */
  put(file: string): Promise<string>
  /** Names of the blobs of a container; rejects when there is none. */
  names(container: string): Promise<readonly string[]>
}

/** Where `put` puts. */
const container = 'kept'

const hourMs = 3_600_000

export async function beginAccount(outside: Lan['outside']): Promise<OutsideAccount> {
  const [file, ...words] = accountCommand(outsideAddress, { blob: 0, table: 0 })
  const connectionString = connectionTo(outsideAddress, await listening(outside.start(file, words).child))
  const client = BlobServiceClient.fromConnectionString(connectionString)
  const signed = client.generateAccountSasUrl(new Date(Date.now() + hourMs), AccountSASPermissions.parse('rwlc'), 'sco')

  /** A request that is signed here and sent from outside, for the account is not reached from here. */
  async function ask(path: string, query: Readonly<Record<string, string>>, ...options: readonly string[]) {
    const url = new URL(signed)
    url.pathname += path
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    const { code, stdout, stderr } = await outside.run('curl', ['-s', '-S', '--fail-with-body', ...options, url.href])
    equal(code, 0, stdout + stderr)
    return stdout
  }

  await ask(`/${container}`, { restype: 'container' }, '-X', 'PUT', '-d', '')
  return {
    connectionString,
    fileOn(computer) {
      const written = join(computer.directory, 'account.json')
      const account = { name: accountName, key: accountKey, blobEndpoint: client.url }
      writeFileSync(written, JSON.stringify(account), { mode: 0o600 })
      return written
    },
    async put(content) {
      const path = `/${container}/${basename(content)}`
      await ask(path, {}, '-T', content, '-H', 'x-ms-blob-type: BlockBlob')
      return client.url.replace(/\/$/, '') + path
    },
    async names(listed) {
      const text = await ask(`/${listed}`, { restype: 'container', comp: 'list' })
      return [...text.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name = '']) => name)
    },
  }
}
