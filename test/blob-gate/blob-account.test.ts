import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readBlobAccount } from '../../src/machine/building/blob-account.ts'
import { blobGate } from '../../src/machine/building/blob-gate.ts'
import { placesOf } from '../../src/machine/building/data-directory.ts'

describe('an account elsewhere (--blob-account)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-account-'))
  after(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'account.json')
  const account = { name: 'contoso', key: 'c2VjcmV0', blobEndpoint: 'https://contoso.blob.core.windows.net' }
  const written = (content: unknown, mode = 0o600) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    chmodSync(file, mode)
    return () => readBlobAccount(file)
  }

  it('is read', () => {
    assert.deepEqual(written(account)(), account)
    assert.deepEqual(written({ ...account, blobEndpoint: `${account.blobEndpoint}/`, more: 1 })(), account)
  })

  const rows: readonly [what: string, content: unknown, sentence: RegExp][] = [
    ['no JSON', '{', /it is no JSON\. Write \{"name"/],
    ['no object', 'null', /no object of JSON/],
    ['a wrong name', { ...account, name: 'Contoso' }, /"name" is no name/],
    ['no key', { ...account, key: '' }, /"key" is no Base64/],
    ['no address', { ...account, blobEndpoint: 'contoso' }, /"blobEndpoint" is no http/],
    [
      'an address with a signature',
      { ...account, blobEndpoint: `${account.blobEndpoint}?sig=x` },
      /without user and query/,
    ],
    ['much too much', ' '.repeat(70_000), /more than 64 KiB/],
  ]
  for (const [what, content, sentence] of rows)
    it(`that is ${what} is refused by a sentence`, () => assert.throws(written(content), sentence))

  it('that others may read is refused, and one that is not there', () => {
    assert.throws(written(account, 0o644), /other users may read it, and it holds a key\. Close it with: chmod 600/)
    assert.throws(() => readBlobAccount(join(directory, 'none')), /no such file or directory\. Write/)
  })
})

describe('the gate to the Blob service as a part of a machine', () => {
  const machine = { name: 'm2', address: '192.0.2.2', network: 77, tls: { ca: 'a', cert: 'c', key: 'k' } }

  it('stands at the address that the Blob service has on one machine', () => {
    const { options } = blobGate(placesOf('/data'), { ...machine, controller: false }, '/programs')
    assert.partialDeepStrictEqual(options, { inner: { address: '127.77.0.3', port: 10_000 }, candidate: undefined })
  })

  it('of a candidate lets the others in at its own address', () => {
    const { options } = blobGate(placesOf('/data'), { ...machine, controller: true }, '/programs')
    assert.partialDeepStrictEqual(options, {
      candidate: { outer: { address: '192.0.2.2', port: 9_446 }, service: { address: '127.77.0.4', port: 10_000 } },
      machinesFile: '/data/run/machines.json',
    })
  })
})
