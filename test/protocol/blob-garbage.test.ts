/** What no blob refers to any more is dropped, and not before it is on the disk that none does. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { azuriteParts } from '../../src/machine/blob-service/azurite-parts.ts'
import { holdAnswer } from '../../src/machine/blob-service/hold-answer.ts'
import { type Journal, openJournal } from '../../src/machine/blob-service/journal.ts'
import { type Entry, keptDatabases } from '../../src/machine/blob-service/kept-databases.ts'
import { until } from '../until.ts'

/** Azurite spares what was written less than ten minutes ago. */
const laterMs = 11 * 60 * 1_000

const key = Buffer.alloc(64, 7).toString('base64')

/** Called with each change; what it waits for is what a slow disk takes. */
type Disk = () => Promise<void>

const quick: Disk = () => Promise.resolve()

/** The parts of the Blob service over a directory, in this process. */
async function openService(location: string, disk: Disk = quick) {
  process.env['AZURITE_ACCOUNTS'] = `acct:${key}`
  const { journal, entries } = await openJournal(join(location, 'journal.jsonl'))
  const slow: Journal = {
    ...journal,
    async append(changes) {
      await disk()
      await journal.append(changes)
    },
  }
  const azurite = azuriteParts(location, () => server.address() as AddressInfo)
  const kept = keptDatabases(azurite.databases, slow, entries as Entry[])
  await azurite.load()
  await kept.begin()
  const server = createServer((request, answer) => {
    holdAnswer(answer, kept.saved, (error) => {
      throw error
    })
    azurite.listener(request, answer)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new BlobServiceClient(`http://127.0.0.1:${port}/acct`, new StorageSharedKeyCredential('acct', key), {
    retryOptions: { maxTries: 1 },
    keepAliveOptions: { enable: false },
  })
  return {
    container: client.getContainerClient('made'),
    /** `waits` is called when it has found garbage and asks whether it may be dropped. */
    collectGarbage: (waits: () => void) =>
      azurite.collectGarbage(() => {
        waits()
        return kept.saved()
      }),
    extents: join(location, '__blobstorage__'),
    async end() {
      server.close()
      await kept.close()
    },
  }
}

describe('the Blob service’s garbage (B-6)', () => {
  it('stays while the change that made it garbage could still be lost, and then goes', async (t) => {
    const location = mkdtempSync(join(tmpdir(), 'reddog-garbage-'))
    await putBlob(location, 'kept')
    await putBlob(location, 'gone')

    const [written, slow, found] = [0, 0, 0].map(() => Promise.withResolvers<void>()) as [Signal, Signal, Signal]
    const service = await openService(location, () => {
      written.resolve()
      return slow.promise
    })
    t.after(async () => {
      slow.resolve()
      await service.end()
      rmSync(location, { recursive: true })
    })
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + laterMs })
    let isConfirmed = false
    const deleted = service.container.deleteBlob('gone').then(() => {
      isConfirmed = true
    })
    await written.promise
    await service.collectGarbage(found.resolve)
    await found.promise
    for (let turn = 0; turn < 100; turn++) assert.equal((await readdir(service.extents)).length, 2)
    assert.equal(isConfirmed, false)

    slow.resolve()
    await deleted
    await until(async () => (await readdir(service.extents)).length === 1, 'the garbage is dropped')
    assert.equal(String(await service.container.getBlockBlobClient('kept').downloadToBuffer()), 'kept')
  })
})

type Signal = PromiseWithResolvers<void>

/** Puts it into an extent that is not written to any more. */
async function putBlob(location: string, name: string): Promise<void> {
  const service = await openService(location)
  await service.container.createIfNotExists()
  await service.container.getBlockBlobClient(name).upload(name, name.length)
  await service.end()
}
