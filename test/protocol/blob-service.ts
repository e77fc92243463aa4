import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { StorageAccount } from '../../src/machine/blob/storage-account.ts'
import { until } from '../until.ts'
import type { Ends } from './platform-process.ts'

/** A real Blob service (Azurite) with one account, and a client of it. */
export async function startBlobService(t: Ends) {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-blobs-'))
  const key = Buffer.alloc(64, 7).toString('base64')
  const program = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
  const args = ['--blobPort', '0', '--location', directory, '--silent', '--skipApiVersionCheck', '--disableTelemetry']
  const azurite = spawn(process.execPath, [program, ...args], {
    env: { AZURITE_ACCOUNTS: `acct:${key}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(azurite, 'exit')
  t.after(async () => {
    azurite.kill()
    await ended
    rmSync(directory, { recursive: true, force: true })
  })
  let said = ''
  azurite.stdout.on('data', (chunk) => {
    said += chunk
  })
  const port = () => /listen\w* (?:on|at) http:\/\/127\.0\.0\.1:(\d+)/i.exec(said)?.[1]
  await until(() => port() !== undefined, 'Azurite listens')
  const account: StorageAccount = { name: 'acct', key, blobEndpoint: `http://127.0.0.1:${port()}/acct` }
  const client = new BlobServiceClient(account.blobEndpoint, new StorageSharedKeyCredential('acct', key))
  return { account, client }
}
