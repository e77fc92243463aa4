/** Files of a site as they come (I-34, I-61), asked for by curl. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { mimeTypeOf } from '../../../../src/role/w3wp/static/mime-type.ts'
import { until } from '../../../until.ts'
import { type Site, sectionsOf, site } from './site.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz'
const modified = new Date('2012-06-07T12:00:00.250Z')

let served: Site
const { curl, last } = {
  curl: (path: string, ...words: readonly string[]) => served.curl(path, ...words),
  last: () => served.last(),
}
const put = async (name: string, content: string) => {
  await writeFile(join(served.root, name), content)
  await utimes(join(served.root, name), modified, modified)
}
const field = (head: string, name: string) => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1]

before(async () => {
  served = await site()
  await put('abc.txt', alphabet)
  await put('empty.txt', '')
  await put('noextension', 'x')
  await put('notes.log', 'secret')
  await put('shop.php', '<?php secret')
})
after(() => served.close())

describe('a static file', () => {
  it('is sent with its type, a strong ETag and Last-Modified, and HEAD tells the same', async () => {
    const [head, body = ''] = (await curl('/abc.txt', '-i')).split('\r\n\r\n')
    assert.equal(body, alphabet)
    assert.match(head ?? '', /^HTTP\/1\.1 200 /)
    assert.equal(field(head ?? '', 'content-type'), 'text/plain')
    assert.match(field(head ?? '', 'etag') ?? '', /^"[0-9a-f]+:0"$/)
    assert.equal(field(head ?? '', 'last-modified'), 'Thu, 07 Jun 2012 12:00:00 GMT')
    assert.equal(field(head ?? '', 'accept-ranges'), 'bytes')
    const withoutDate = (text: string) => text.trim().replace(/^date:.*$/im, '')
    assert.equal(withoutDate(await curl('/abc.txt', '-I')), withoutDate(head ?? ''))
  })

  it('may be empty', async () => {
    assert.match(await curl('/empty.txt', '-i'), /200 OK[^]*content-length: 0/i)
    assert.match(await curl('/empty.txt', '-i', '-r', '0-'), /416 [^]*content-range: bytes \*\/0/i)
  })

  for (const [path, status] of [
    ['/none.txt', '404.0'],
    ['/abc.txt/more', '404.0'],
    ['/abc%00.txt', '404.0'],
    [`/${'a'.repeat(300)}.txt`, '404.0'],
    ['/noextension', '404.3'],
    ['/notes.log', '404.3'],
    ['/shop.php', '404.3'],
  ] as const)
    it(`${path} is answered ${status}`, async () => {
      await curl(path)
      assert.equal(last(), status)
    })

  it('is only read: 405 with Allow, OPTIONS tells the verbs, TRACE is not there', async () => {
    assert.match(await curl('/abc.txt', '-i', '-d', 'x=1'), /^HTTP\/1\.1 405 [^]*allow: GET, HEAD, OPTIONS\r/i)
    assert.match(await curl('/abc.txt', '-i', '-X', 'OPTIONS'), /200 OK[^]*allow: GET, HEAD, [^]*public: GET, HEAD, /i)
    assert.match(await curl('/abc.txt', '-i', '-X', 'TRACE'), /^HTTP\/1\.1 501 /)
  })

  it('is not one that a symbolic link has outside of the site, a pipe or a device', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await writeFile(join(outside, 'key.txt'), 'secret')
    await symlink(join(outside, 'key.txt'), join(served.root, 'key.txt'))
    await symlink(outside, join(served.root, 'away'))
    await symlink('/dev/zero', join(served.root, 'zero.txt'))
    await symlink('abc.txt', join(served.root, 'inside.txt'))
    execFileSync('mkfifo', [join(served.root, 'pipe.txt')])
    for (const path of ['/key.txt', '/away/key.txt', '/away/', '/zero.txt', '/pipe.txt']) {
      assert.equal(await curl(path), '')
      assert.equal(last(), '404.0', path)
    }
    assert.equal(await curl('/inside.txt'), alphabet)
    await rm(outside, { recursive: true })
  })
})

describe('a conditional request', () => {
  const earlier = 'Thu, 07 Jun 2012 11:59:59 GMT'
  const same = 'Thu, 07 Jun 2012 12:00:00 GMT'
  const asked: readonly (readonly [headers: (etag: string) => readonly string[], status: string])[] = [
    [(etag) => [`If-None-Match: ${etag}`], '304.0'],
    [(etag) => [`If-None-Match: "x", W/${etag}`], '304.0'],
    [() => ['If-None-Match: *'], '304.0'],
    [() => ['If-None-Match: "x"', `If-Modified-Since: ${same}`], '200.0'],
    [() => [`If-Modified-Since: ${same}`], '304.0'],
    [() => [`If-Modified-Since: ${earlier}`], '200.0'],
    [() => ['If-Modified-Since: yesterday'], '200.0'],
    [(etag) => [`If-Match: ${etag}`], '200.0'],
    [(etag) => [`If-Match: W/${etag}`], '412.0'],
    [() => ['If-Match: "x"'], '412.0'],
    [() => ['If-Match: *', `If-Unmodified-Since: ${earlier}`], '200.0'],
    [() => [`If-Unmodified-Since: ${same}`], '200.0'],
    [() => [`If-Unmodified-Since: ${earlier}`], '412.0'],
    [(etag) => ['Range: bytes=0-1', `If-Range: ${etag}`], '206.0'],
    [() => ['Range: bytes=0-1', `If-Range: ${same}`], '206.0'],
    [() => ['Range: bytes=0-1', `If-Range: ${earlier}`], '200.0'],
    [(etag) => ['Range: bytes=0-1', `If-Range: W/${etag}`], '200.0'],
  ]
  for (const [headers, status] of asked)
    it(`with ${headers('ETAG').join(' and ')} is answered ${status}`, async () => {
      const etag = field(await curl('/abc.txt', '-I'), 'etag') ?? ''
      await curl('/abc.txt', ...headers(etag).flatMap((line) => ['-H', line]))
      assert.equal(last(), status)
    })

  it('by curl -z is answered with the file only when it is newer', async () => {
    assert.equal(await curl('/abc.txt', '-z', same), '')
    assert.equal(last(), '304.0')
    assert.equal(await curl('/abc.txt', '-z', earlier), alphabet)
  })
})

describe('a range', () => {
  for (const [range, status, body] of [
    ['0-2', 206, 'abc'],
    ['23-', 206, 'xyz'],
    ['23-99', 206, 'xyz'],
    ['-2', 206, 'yz'],
    ['0-1,2-4', 206, 'abcde'],
    ['26-', 416, ''],
    ['-0', 416, ''],
    ['2-1', 200, alphabet],
    ['x', 200, alphabet],
  ] as const)
    it(`${range} is answered ${status} with "${body}"`, async () => {
      assert.equal(await curl('/abc.txt', '-H', `Range: bytes=${range}`), body)
      assert.equal(last(), `${status}.0`)
    })

  it('tells where it is, and where the file ends when it is not there', async () => {
    assert.match(await curl('/abc.txt', '-i', '-r', '1-3'), /content-length: 3\r[^]*content-range: bytes 1-3\/26\r/i)
    assert.match(await curl('/abc.txt', '-i', '-r', '40-'), /^HTTP\/1\.1 416 [^]*content-range: bytes \*\/26\r/i)
  })

  it('of several parts comes as multipart/byteranges', async () => {
    const [head = '', ...bodies] = (await curl('/abc.txt', '-i', '-r', '0-2,24-')).split('\r\n\r\n')
    const boundary = /multipart\/byteranges; boundary=(\S+)/.exec(head)?.[1] ?? 'none'
    const body = bodies.join('\r\n\r\n')
    assert.equal(Number(field(head, 'content-length')), body.length)
    const [, first = '', second = '', end = ''] = body.split(`--${boundary}`)
    assert.match(first, /Content-Type: text\/plain\r\nContent-Range: bytes 0-2\/26\r\n\r\nabc\r\n$/)
    assert.match(second, /Content-Range: bytes 24-25\/26\r\n\r\nyz\r\n$/)
    assert.equal(end, '--\r\n')
  })

  it('of more parts than anybody needs is answered with the whole file', async () => {
    const parts = Array.from({ length: 201 }, (_, at) => `${at % 26}-${at % 26}`).join(',')
    assert.equal(await curl('/abc.txt', '-r', parts), alphabet)
  })
})

describe('a large file', () => {
  const sizeBytes = 64 * 1024 * 1024

  const begun = async (name: string) => {
    await writeFile(join(served.root, name), 'x')
    await truncate(join(served.root, name), sizeBytes)
    return asked(name)
  }
  const asked = (name: string, headers = {}) =>
    new Promise<IncomingMessage>((resolve) => get(`${served.url}/${name}`, { headers }, resolve))
  const isOpen = (name: string) =>
    readdirSync('/proc/self/fd').some((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).endsWith(`/${name}`)
      } catch {
        return false
      }
    })
  const rest = async (response: IncomingMessage) => {
    let received = 0
    for await (const chunk of response) received += chunk.length
    return received
  }

  it('is sent as fast as it is taken, though its name is gone meanwhile', async () => {
    const response = await begun('large.zip')
    await rename(join(served.root, 'large.zip'), join(served.root, 'gone'))
    await rm(join(served.root, 'gone'))
    assert.equal(await rest(response), sizeBytes)
  })

  it('that becomes shorter while it is sent is cut, and the next request is answered', async () => {
    const response = await begun('shrinking.zip')
    await truncate(join(served.root, 'shrinking.zip'), 1)
    await assert.rejects(rest(response), /aborted/)
    assert.equal(await curl('/abc.txt'), alphabet)
  })

  it('that becomes shorter while it is compressed is cut too', async () => {
    await writeFile(join(served.root, 'random.txt'), randomBytes(sizeBytes / 4))
    const response = await asked('random.txt', { 'Accept-Encoding': 'gzip' })
    assert.equal(response.headers['content-encoding'], 'gzip')
    await truncate(join(served.root, 'random.txt'), 1)
    await assert.rejects(rest(response), /aborted/)
    await until(() => !isOpen('random.txt'))
  })

  it('whose reader goes is closed', async () => {
    const response = await begun('left.zip')
    assert.ok(isOpen('left.zip'))
    response.destroy()
    await until(() => !isOpen('left.zip'))
  })
})

describe('the type of a file', () => {
  const content = sectionsOf(`<staticContent>
    <mimeMap fileExtension=".log" mimeType="text/plain" /><mimeMap fileExtension=".JSON" mimeType="text/json" />
    <remove fileExtension=".exe" /><remove fileExtension=".svg" /><mimeMap fileExtension=".svg" mimeType="image/svg" />
    <mimeMap fileExtension="." mimeType="text/none" /></staticContent>`)('staticContent')
  for (const [name, type] of [
    ['a.log', 'text/plain'],
    ['a.json', 'text/json'],
    ['a.exe', undefined],
    ['A.SVG', 'image/svg'],
    ['a', 'text/none'],
    ['.gitignore', undefined],
    ['a.constructor', undefined],
    ['a.html', 'text/html'],
    ['a.woff2', 'font/woff2'],
    ['a.webmanifest', 'application/manifest+json'],
    ['a.ico', 'image/x-icon'],
    ['a.onetoc2', 'application/onenote'],
    ['a.qxd', 'application/vnd.quark.quarkxpress'],
    ['a.dwp', 'application/octet-stream'],
  ] as const)
    it(`${name}: ${type ?? 'none'}`, () => assert.equal(mimeTypeOf(name, content), type))

  it('is known of nothing when a file has cleared the list, but what `.*` says (I-58)', () => {
    const cleared = (more: string) => sectionsOf(`<staticContent><clear />${more}</staticContent>`)('staticContent')
    assert.equal(mimeTypeOf('a.html', cleared('')), undefined)
    assert.equal(mimeTypeOf('a.html', cleared('<mimeMap fileExtension=".*" mimeType="a/b" />')), 'a/b')
  })
})
