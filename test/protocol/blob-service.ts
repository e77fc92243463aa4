import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import type { StorageAccount } from '../../src/machine/blob/storage-account.ts'
import type { BlobServiceOptions } from '../../src/machine/blob-service/options.ts'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'
import type { Ends } from './platform-process.ts'

const program = bundleOf('Azurite')

/** The Blob service of a fabric, as `up` starts it, with one account and a client that tries once; it can be killed and started again. */
export async function startBlobService(t: Ends) {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-blobs-'))
  const key = Buffer.alloc(64, 7).toString('base64')
  const readyFile = join(directory, 'ready')
  const optionsFile = join(directory, 'options.json')
  const location = join(directory, 'blobs')
  let child: ChildProcess
  let port = 0

  async function start(): Promise<void> {
    rmSync(readyFile, { force: true })
    const options: BlobServiceOptions = { address: '127.0.0.1', port, location, readyFile }
    writeFileSync(optionsFile, JSON.stringify(options))
    const env = { AZURITE_ACCOUNTS: `acct:${key}` }
    child = spawn(process.execPath, [program, optionsFile], { env, stdio: ['ignore', 'inherit', 'inherit'] })
    await until(() => existsSync(readyFile) || child.exitCode !== null, 'the Blob service serves')
    if (child.exitCode !== null) throw new Error(`the Blob service ended with exit code ${child.exitCode}`)
    port = (JSON.parse(readFileSync(readyFile, 'utf8')) as { readonly port: number }).port
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  t.after(async () => {
    await end('SIGTERM')
    rmSync(directory, { recursive: true, force: true })
  })
  await start()
  const account: StorageAccount = { name: 'acct', key, blobEndpoint: `http://127.0.0.1:${port}/acct` }
  const credential = new StorageSharedKeyCredential('acct', key)
  const client = new BlobServiceClient(account.blobEndpoint, credential, { retryOptions: { maxTries: 1 } })
  return { account, client, location, start, end }
}
