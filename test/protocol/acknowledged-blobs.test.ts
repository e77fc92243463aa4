/** What the Blob service has confirmed outlives kill -9 in the moment of the answer. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { startBlobService } from './blob-service.ts'

type Service = Awaited<ReturnType<typeof startBlobService>>

async function killed({ end, start }: Service): Promise<void> {
  await end('SIGKILL')
  await start()
}

/** Every kind of change that the service confirms: what is done, and what must be so after a crash. */
const changes: Readonly<
  Record<string, { change(service: Service): Promise<unknown>; holds(service: Service): Promise<unknown> }>
> = {
  'a container': {
    change: ({ client }) => client.getContainerClient('made').create(),
    holds: ({ client }) => client.getContainerClient('made').getProperties(),
  },
  'a small blob': {
    change: ({ client }) => blob(client, 'small').upload('small', 5),
    holds: async ({ client }) => assert.equal(String(await blob(client, 'small').downloadToBuffer()), 'small'),
  },
  'a large blob in blocks': {
    change: ({ client }) => blob(client, 'large').uploadData(large, { blockSize: 1 << 20, maxSingleShotSize: 1 << 20 }),
    holds: async ({ client }) => assert(large.equals(await blob(client, 'large').downloadToBuffer())),
  },
  'blocks that wait for their list': {
    change: async ({ client }) => {
      await blob(client, 'blocks').stageBlock(blockId(1), 'one ', 4)
      await blob(client, 'blocks').stageBlock(blockId(2), 'two', 3)
    },
    holds: async ({ client }) => {
      await blob(client, 'blocks').commitBlockList([blockId(1), blockId(2)])
      assert.equal(String(await blob(client, 'blocks').downloadToBuffer()), 'one two')
    },
  },
  'a blob written over': {
    change: ({ client }) => blob(client, 'small').upload('newer', 5),
    holds: async ({ client }) => assert.equal(String(await blob(client, 'small').downloadToBuffer()), 'newer'),
  },
  'a copy': {
    change: async ({ client }) =>
      (await blob(client, 'copy').beginCopyFromURL(blob(client, 'small').url)).pollUntilDone(),
    holds: async ({ client }) => assert.equal(String(await blob(client, 'copy').downloadToBuffer()), 'newer'),
  },
  'metadata of a blob': {
    change: ({ client }) => blob(client, 'copy').setMetadata({ of: 'copy' }),
    holds: async ({ client }) =>
      assert.deepEqual((await blob(client, 'copy').getProperties()).metadata, { of: 'copy' }),
  },
  'a lease': {
    change: ({ client }) => blob(client, 'copy').getBlobLeaseClient().acquireLease(-1),
    holds: ({ client }) => assert.rejects(blob(client, 'copy').delete(), { code: 'LeaseIdMissing' }),
  },
  'a snapshot': {
    change: ({ client }) => blob(client, 'small').createSnapshot(),
    holds: async ({ client }) => {
      const found: string[] = []
      for await (const { name, snapshot } of client
        .getContainerClient('made')
        .listBlobsFlat({ includeSnapshots: true }))
        if (snapshot) found.push(name)
      assert.deepEqual(found, ['small'])
    },
  },
  'what is appended': {
    change: async ({ client }) => {
      const log = client.getContainerClient('made').getAppendBlobClient('log')
      await log.create()
      await log.appendBlock('line\n', 5)
    },
    holds: async ({ client }) => assert.equal(String(await blob(client, 'log').downloadToBuffer()), 'line\n'),
  },
  pages: {
    change: async ({ client }) => {
      const disk = client.getContainerClient('made').getPageBlobClient('disk')
      await disk.create(1024)
      await disk.uploadPages(Buffer.alloc(512, 'p'), 512, 512)
    },
    holds: async ({ client }) =>
      assert.equal(String((await blob(client, 'disk').downloadToBuffer()).subarray(512)), 'p'.repeat(512)),
  },
  'properties of the service': {
    change: ({ client }) => client.setProperties({ defaultServiceVersion: '2021-12-02' }),
    holds: async ({ client }) => assert.equal((await client.getProperties()).defaultServiceVersion, '2021-12-02'),
  },
  'a deleted blob': {
    change: ({ client }) => blob(client, 'large').delete(),
    holds: async ({ client }) => assert.equal(await blob(client, 'large').exists(), false),
  },
  'a deleted container': {
    change: ({ client }) => client.getContainerClient('made').delete(),
    holds: async ({ client }) => assert.equal(await client.getContainerClient('made').exists(), false),
  },
}

const large = randomBytes(5_000_000)

function blob(client: Service['client'], name: string) {
  return client.getContainerClient('made').getBlockBlobClient(name)
}

function blockId(number: number): string {
  return Buffer.from(`block ${number}`).toString('base64')
}

describe('what the Blob service has confirmed (B-6)', () => {
  it('is there after kill -9 in the moment of the answer: every kind of change, one upon the other', async (t) => {
    const service = await startBlobService(t)
    for (const [what, { change, holds }] of Object.entries(changes)) {
      await change(service)
      await killed(service)
      await t.test(what, async () => void (await holds(service)))
    }
  })

  it('is there when the service is killed in the middle of many uploads, byte for byte', async (t) => {
    const service = await startBlobService(t)
    await service.client.getContainerClient('made').create()
    const confirmed = new Map<string, Buffer>()
    for (let round = 0; round < 4; round++) {
      const enough = 10 + round * 7
      const before = confirmed.size
      let reached = () => {}
      const wanted = new Promise<void>((resolve) => {
        reached = resolve
      })
      const writer = async (writer: number) => {
        for (let number = 0; ; number++) {
          const name = `${round}-${writer}-${number}`
          const content = randomBytes(number % 5 === 0 ? 300_000 : 100)
          try {
            await blob(service.client, name).upload(content, content.length)
          } catch {
            return
          }
          confirmed.set(name, content)
          if (confirmed.size >= before + enough) reached()
        }
      }
      const writers = Promise.all([1, 2, 3, 4, 5, 6].map(writer))
      await wanted
      await service.end('SIGKILL')
      await writers
      await service.start()
      for (const [name, content] of confirmed)
        assert(content.equals(await blob(service.client, name).downloadToBuffer()), name)
    }
  })

  it('is there when the crash left half a line behind it, and after an ordered stop', async (t) => {
    const service = await startBlobService(t)
    await service.client.getContainerClient('made').create()
    await blob(service.client, 'one').upload('one', 3)
    await service.end('SIGKILL')
    appendFileSync(join(service.location, 'journal.jsonl'), '{"database":"__azurite_db_bl')
    await service.start()
    await blob(service.client, 'two').upload('two', 3)
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      await service.end(signal)
      await service.start()
      for (const name of ['one', 'two'])
        assert.equal(String(await blob(service.client, name).downloadToBuffer()), name, signal)
    }
  })

  it('is there when the journal has given way to a snapshot, however much has changed', async (t) => {
    const service = await startBlobService(t)
    await service.client.getContainerClient('made').create()
    const names = Array.from({ length: 20 }, (_, number) => `blob-${number}`)
    for (const name of names) await blob(service.client, name).upload(name, name.length)
    const journal = join(service.location, 'journal.jsonl')
    const confirmed = new Map<string, string>()
    let longest = 0
    let hasShrunk = false
    await Promise.all(
      names.map(async (name) => {
        for (let turn = 0; !hasShrunk; turn++) {
          const text = `${turn} `.padEnd(7_000, 'x')
          await blob(service.client, name).setMetadata({ text })
          confirmed.set(name, text)
          const { size } = statSync(journal)
          hasShrunk ||= size < longest
          longest = Math.max(longest, size)
        }
      }),
    )
    await killed(service)
    for (const [name, text] of confirmed)
      assert.equal((await blob(service.client, name).getProperties()).metadata?.['text'], text, name)
    assert.ok(longest < 20 * 1024 * 1024, `the journal had ${longest} bytes`)
  })

  it('is there when the crash came between a snapshot and the end of the journal that it holds', async (t) => {
    const service = await startBlobService(t)
    const container = service.client.getContainerClient('made')
    await container.create()
    for (const name of ['written over', 'deleted', 'kept']) await blob(service.client, name).upload('older', 5)
    await blob(service.client, 'written over').upload('newer', 5)
    await blob(service.client, 'deleted').delete()
    const journal = join(service.location, 'journal.jsonl')
    const whole = readFileSync(journal)
    await service.end('SIGTERM')
    assert.equal(statSync(journal).size, 0)
    writeFileSync(journal, whole)
    await service.start()
    const found: Record<string, string> = {}
    for await (const { name } of container.listBlobsFlat())
      found[name] = String(await blob(service.client, name).downloadToBuffer())
    assert.deepEqual(found, { kept: 'older', 'written over': 'newer' })
  })
})
