import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { BlobSASPermissions, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { downloadBlob } from '../../src/machine/blob/download-blob.ts'
import { blobIn, type StorageAccount } from '../../src/machine/blob/storage-account.ts'
import { until } from '../until.ts'

describe('a package in a Blob service (Azurite)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-blob-'))
  const key = Buffer.alloc(64, 7).toString('base64')
  const credential = new StorageSharedKeyCredential('acct', key)
  let account: StorageAccount
  let azurite: ReturnType<typeof spawn>
  let container: ReturnType<BlobServiceClient['getContainerClient']>

  before(async () => {
    const program = join(createRequire(import.meta.url).resolve('azurite/package.json'), '../dist/src/blob/main.js')
    azurite = spawn(
      process.execPath,
      [program, '--blobPort', '0', '--location', directory, '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
      { env: { AZURITE_ACCOUNTS: `acct:${key}` }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let said = ''
    azurite.stdout?.on('data', (chunk) => {
      said += chunk
    })
    await until(() => /listening on|listens on/i.test(said) && /:\d+/.test(said), 'Azurite listens')
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said.slice(said.search(/listen(s|ing) on/i)))?.[1]
    account = { name: 'acct', key, blobEndpoint: `http://127.0.0.1:${port}/acct` }
    container = new BlobServiceClient(account.blobEndpoint, credential).getContainerClient('packages')
    await container.create()
    await container.getBlockBlobClient('shop v1.cspkg').upload('contents', 8)
  })

  after(async () => {
    azurite.kill()
    await once(azurite, 'exit')
    rmSync(directory, { recursive: true, force: true })
  })

  const target = (name: string) => join(directory, name)

  it('is read with the key of the account when its address has no signature (B-1)', async () => {
    const result = await downloadBlob(container.getBlockBlobClient('shop v1.cspkg').url, target('by-key'), account)
    assert.deepEqual(result, { ok: true, value: { bytes: 8 } })
    assert.equal(readFileSync(target('by-key'), 'utf8'), 'contents')
  })

  it('is read by the signature that its address bears, without a key', async () => {
    const blob = container.getBlockBlobClient('shop v1.cspkg')
    const url = await blob.generateSasUrl({
      permissions: BlobSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + 60_000),
    })
    const result = await downloadBlob(url, target('by-signature'), {
      ...account,
      key: Buffer.alloc(64).toString('base64'),
    })
    assert.ok(result.ok)
  })

  it('that does not exist is refused, with its address but not its signature (B-3)', async () => {
    const result = await downloadBlob(`${container.url}/absent.cspkg?sig=secret`, target('absent'), account)
    assert.ok(!result.ok)
    assert.equal(result.fault.code, 'BadRequest')
    assert.match(result.fault.message, /absent\.cspkg cannot be read: HTTP 40\d/)
    assert.doesNotMatch(result.fault.message, /secret/)
    assert.equal(existsSync(target('absent')), false)
  })

  it('that stood on a former master is to be uploaded again: the Blob service follows the master', async () => {
    const result = await downloadBlob(`${container.url}/lost.cspkg`, target('lost'), account, { stagedOn: 'm2' })
    assert.equal(result.ok ? '' : result.fault.code, 'PackageNotStaged')
    assert.match(
      result.ok ? '' : result.fault.message,
      /lost\.cspkg is not there\. .* staging area .*: it is on m2, the master, now, .* Upload the package again, and repeat/,
    )
    const elsewhere = `${account.blobEndpoint}2/c/b`
    const other = await downloadBlob(elsewhere, target('other'), account, { stagedOn: 'm2' })
    assert.doesNotMatch(other.ok ? '' : other.fault.message, /staging/)
  })

  describe('from a slow service', () => {
    const pace = { leastBytes: 2 ** 20, perMs: 1_000 }
    const served = async (serve: RequestListener) => {
      const server = createServer(serve).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/c/slow`
      try {
        return await downloadBlob(address, target(randomUUID()), account, { pace })
      } finally {
        server.closeAllConnections()
        server.close()
      }
    }

    it('is given up when it no longer comes, or never began', async () => {
      const stalled = await served((_, answer) => void answer.write('x'))
      assert.match(
        stalled.ok ? '' : stalled.fault.message,
        /not read to its end: in 1 s fewer than 1 MiB of it came\. Try/,
      )
      const silent = await served(() => {})
      assert.match(silent.ok ? '' : silent.fault.message, /cannot be read: in 1 s fewer than 1 MiB of it came\. Check/)
    })

    it('is read to its end as long as it comes', async () => {
      const result = await served((_, answer) => {
        let left = 16
        const more = setInterval(() => (left-- > 0 ? answer.write(Buffer.alloc(2 ** 20)) : answer.end()), 150)
        answer.once('close', () => clearInterval(more))
      })
      assert.deepEqual(result, { ok: true, value: { bytes: 16 * 2 ** 20 } })
    })
  })
})

describe('the address of a blob (B-4)', () => {
  const rows: readonly [endpoint: string, address: string, found: ReturnType<typeof blobIn>][] = [
    ['http://127.0.0.1:10000/acct', 'http://127.0.0.1:10000/acct/c/a/b.cspkg', { container: 'c', blob: 'a/b.cspkg' }],
    ['https://acct.blob.local', 'https://acct.blob.local/c/b%20b', { container: 'c', blob: 'b b' }],
    ['http://127.0.0.1:10000/acct', 'http://127.0.0.1:10000/acct2/c/b', undefined],
    ['http://127.0.0.1:10000/acct', 'http://127.0.0.1:10001/acct/c/b', undefined],
    ['http://127.0.0.1:10000/acct', 'http://127.0.0.1:10000/acct/c', undefined],
  ]
  for (const [blobEndpoint, address, found] of rows)
    it(`${address} in ${blobEndpoint}`, () =>
      assert.deepEqual(blobIn({ name: 'acct', key: '', blobEndpoint }, new URL(address)), found))
})
