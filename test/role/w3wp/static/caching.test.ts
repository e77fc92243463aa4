/** What clients and caches may keep, and what is sent compressed (I-28, I-61), asked for by curl. */
import assert from 'node:assert/strict'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { site } from './site.ts'

const text = 'All happy families are alike. '.repeat(1_000)

async function siteOf(test: TestContext, content = '') {
  const served = await site(content)
  test.after(served.close)
  for (const [name, body] of [
    ['long.txt', text],
    ['short.txt', 'short'],
    ['image.png', text],
    ['large.txt', text.repeat(100)],
  ] as const)
    await writeFile(join(served.root, name), body)
  return served
}

const field = (head: string, name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1]

describe('clientCache', () => {
  for (const [attributes, cacheControl, expires] of [
    ['', undefined, undefined],
    ['cacheControlMode="DisableCache"', 'no-cache', undefined],
    ['cacheControlMode="UseMaxAge" cacheControlMaxAge="7.00:00:00"', 'max-age=604800', undefined],
    ['cacheControlMode="UseMaxAge" cacheControlCustom="public"', 'max-age=86400,public', undefined],
    ['cacheControlCustom="no-&#10;store"', 'no- store', undefined],
    [
      'cacheControlMode="UseExpires" httpExpires="Tue, 19 Jan 2038 03:14:07 GMT"',
      undefined,
      'Tue, 19 Jan 2038 03:14:07 GMT',
    ],
  ] as const)
    it(`with ${attributes || 'nothing'} says Cache-Control ${cacheControl}, Expires ${expires}`, async (test) => {
      const { curl } = await siteOf(test, `<staticContent><clientCache ${attributes} /></staticContent>`)
      const head = await curl('/short.txt', '-I')
      assert.equal(field(head, 'cache-control'), cacheControl)
      assert.equal(field(head, 'expires'), expires)
      const again = await curl('/short.txt', '-I', '-H', `If-None-Match: ${field(head, 'etag')}`)
      assert.match(again, /^HTTP\/1\.1 304 /)
      assert.equal(field(again, 'cache-control'), cacheControl)
    })

  it('with setEtag="false" says no ETag, and Last-Modified counts alone', async (test) => {
    const { curl, last } = await siteOf(test, '<staticContent><clientCache setEtag="false" /></staticContent>')
    const head = await curl('/short.txt', '-I')
    assert.equal(field(head, 'etag'), undefined)
    await curl('/short.txt', '-z', field(head, 'last-modified') ?? '')
    assert.equal(last(), '304.0')
  })
})

describe('static compression', () => {
  it('is for who asks for it, and says so to caches', async (test) => {
    const { curl } = await siteOf(test)
    const plain = await curl('/long.txt', '-I')
    const packed = await curl('/long.txt', '-I', '--compressed')
    assert.equal(field(plain, 'content-encoding'), undefined)
    assert.equal(field(plain, 'content-length'), String(text.length))
    assert.equal(field(packed, 'content-encoding'), 'gzip')
    assert.equal(field(packed, 'accept-ranges'), undefined)
    for (const head of [plain, packed]) assert.equal(field(head, 'vary'), 'Accept-Encoding')
    assert.equal(field(packed, 'etag'), `W/${field(plain, 'etag')}`)
    for (const path of ['/long.txt', '/long.txt', '/large.txt'])
      assert.equal(await curl(path, '--compressed'), path === '/large.txt' ? text.repeat(100) : text)
  })

  it('sends what is there now, though it has kept what was', async (test) => {
    const { curl, root } = await siteOf(test)
    assert.equal(await curl('/long.txt', '--compressed'), text)
    await writeFile(join(root, 'long.txt'), text.toUpperCase())
    assert.equal(await curl('/long.txt', '--compressed'), text.toUpperCase())
  })

  it('knows its own ETag again', async (test) => {
    const { curl, last } = await siteOf(test)
    const etag = field(await curl('/long.txt', '-I', '--compressed'), 'etag')
    const head = await curl('/long.txt', '-I', '--compressed', '-H', `If-None-Match: ${etag}`)
    assert.equal(last(), '304.0')
    assert.equal(field(head, 'vary'), 'Accept-Encoding')
  })

  for (const [what, content, path, words, codings = 'gzip'] of [
    ['of a short file', '', '/short.txt', []],
    ['of a picture', '', '/image.png', []],
    ['to a proxy', '', '/long.txt', ['-H', 'Via: 1.1 proxy']],
    ['to HTTP/1.0', '', '/long.txt', ['-0']],
    ['of weight 0', '', '/long.txt', [], 'gzip;q=0, *'],
    ['of another name', '', '/long.txt', [], 'zstd'],
    ['of a range', '', '/long.txt', ['-r', '0-9999']],
    ['where it is off', '<urlCompression doStaticCompression="false" />', '/long.txt', []],
    ['without a scheme', '<httpCompression><remove name="gzip" /></httpCompression>', '/long.txt', []],
    [
      'of a type that is off',
      '<httpCompression><staticTypes><add mimeType="text/plain" enabled="false" /></staticTypes></httpCompression>',
      '/long.txt',
      [],
    ],
  ] as const)
    it(`is not ${what}`, async (test) => {
      const { curl } = await siteOf(test, content)
      const answer = await curl(path, '-i', '-H', `Accept-Encoding: ${codings}`, ...words)
      assert.doesNotMatch(answer.slice(0, 1_000), /content-encoding/i)
    })

  it('is by brotli where a scheme has its name, and of other types where they are added', async (test) => {
    const { curl } = await siteOf(
      test,
      `<httpCompression><scheme name="br" staticCompressionLevel="5" />
        <staticTypes><add mimeType="image/*" enabled="true" /></staticTypes></httpCompression>`,
    )
    const head = await curl('/image.png', '-I', '-H', 'Accept-Encoding: gzip, br')
    assert.equal(field(head, 'content-encoding'), 'br')
    assert.equal(await curl('/image.png', '--compressed', '-H', 'Accept-Encoding: gzip, br'), text)
    assert.equal(field(await curl('/image.png', '-I', '-H', 'Accept-Encoding: gzip'), 'content-encoding'), 'gzip')
  })

  it('of an empty file, or where a directory is listed, is no compression', async (test) => {
    const { curl, root } = await siteOf(
      test,
      '<directoryBrowse enabled="true" /><httpCompression minFileSizeForComp="0" />',
    )
    await truncate(join(root, 'long.txt'))
    await mkdir(join(root, 'docs'))
    for (const path of ['/long.txt', '/docs/', '/docs'])
      assert.doesNotMatch(await curl(path, '-i', '--compressed'), /content-encoding/i)
  })
})
