/** What somebody who has signed in to the portal can do: the API, live, packages, blobs; and what breaks no part of it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { mostLivePaths } from '../../src/client/portal/protocol.ts'
import { makeHouse, root } from '../end-to-end/house.ts'
import { until } from '../until.ts'
import {
  type Asked,
  ask as askAt,
  begin,
  highestMemory,
  originOf,
  ownPage,
  signIn,
  watch as watchAt,
} from './portal.ts'

const house = makeHouse(['--hosts', '1'])
let cookie: string

before(async () => {
  await house.up()
  cookie = await signIn(house)
})
after(() => house.dispose())

const ask = (target: string, asked: Asked = {}) =>
  askAt(originOf(house), target, { cookie, ...asked, headers: { ...ownPage, ...asked.headers } })

const watch = (...paths: readonly string[]) => watchAt(originOf(house), paths, { cookie })

const services = '/services/hostedservices'

describe('the API behind the portal', () => {
  it('answers as it is, with its ID, under the portal’s own certificate (F-3)', async () => {
    const { status, headers, body } = await ask(`/api${services}`)
    assert.equal(status, 200)
    assert.match(body, /^<HostedServices /)
    assert.match(String(headers['x-ms-request-id']), /^[0-9a-f]{32}$/)
    assert.match(String(headers['content-type']), /^application\/xml/)
    assert.match(String(headers['content-security-policy']), /sandbox/)
  })

  it('carries out what is asked, and says what it refuses in its own words', async () => {
    const body =
      '<CreateHostedService xmlns="http://schemas.microsoft.com/windowsazure"><ServiceName>first</ServiceName><Label>Zmlyc3Q=</Label><Location>Reddog</Location></CreateHostedService>'
    assert.equal((await ask(`/api${services}`, { method: 'POST', body })).status, 201)
    const again = await ask(`/api${services}`, { method: 'POST', body })
    assert.equal(again.status, 409)
    assert.match(again.body, /<Code>ConflictError<\/Code>/)
    assert.equal((await ask(`/api${services}/first`, { method: 'DELETE' })).status, 200)
  })

  it('is asked for its own operations alone, and never for a key', async () => {
    const { stdout } = await house.reddog('service', 'list', '--json')
    assert.ok(stdout)
    const listed = await ask('/api/services/storageservices')
    const [, account = ''] = /<ServiceName>([^<]+)</.exec(listed.body) ?? []
    const keys = [
      `/services/storageservices/${account}/keys`,
      `/services/storageservices/${account}/keys?x=y`,
      `/Services/StorageServices/${account}/KEYS`,
      `//services//storageservices/${account}/keys/`,
      `/services/storageservices/${account}/%6beys`,
      `/services/%73torageservices/${account}/keys`,
    ]
    for (const path of keys) {
      const { status, body } = await ask(`/api${path}`)
      assert.equal(status, 403, path)
      assert.ok(!/<Primary>/.test(body))
      assert.equal((await ask(`/live?path=${encodeURIComponent(path)}`)).status, 403, path)
    }
    for (const path of ['/nothing', '/../x', `/services/storageservices/${account}/keys/../keys`, '/%2e%2e/x', '/%ff'])
      assert.ok([400, 404].includes((await ask(`/api${path}`)).status), path)
    assert.equal((await ask(`/api${services}`, { method: 'PUT' })).status, 405)
    assert.equal((await ask(`/api${services}`, { method: 'OPTIONS' })).status, 405)
    assert.equal((await ask(`/api/${'a'.repeat(5_000)}`)).status, 400)
    assert.equal((await ask('/nothing.txt')).status, 404)
    assert.equal((await ask('/blobs/nothing')).status, 404)
  })

  it('takes bodies of 10 MiB, and says so of larger ones before they have come (R-22)', async () => {
    const headers = { 'content-length': 11 * 1024 * 1024 }
    const sent = begin(originOf(house), `/api${services}`, {
      method: 'POST',
      cookie,
      headers: { ...ownPage, ...headers },
    })
    sent.write('<')
    const [response] = await once(sent, 'response')
    assert.equal(response.statusCode, 413)
    sent.on('error', () => {}).destroy()
    const pieces = Readable.from(zeros(11))
    assert.equal((await ask(`/api${services}`, { method: 'POST', body: pieces })).status, 413)
  })
})

/** So many MiB of nothing. */
function* zeros(mebibytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(64 * 1024)
  for (let at = 0; at < mebibytes * 16; at += 1) yield piece
}

describe('a live stream', () => {
  it('says how each path is at once, and again whenever it is another', async () => {
    const stream = await watch(services, '/reddog/hosts')
    assert.equal(stream.status, 200)
    await until(() => stream.events.length === 2, 'both paths are known')
    assert.deepEqual(new Set(stream.events.map(({ data }) => data.path)), new Set([services, '/reddog/hosts']))
    assert.ok(stream.events.every(({ event, data }) => event === 'changed' && data.status === 200))
    assert.equal((await house.reddog('service', 'create', 'seen')).code, 0)
    await until(() => stream.events.at(-1)?.data.text?.includes('seen') === true, 'the new service is seen')
    assert.equal(stream.events.length, 3, 'what has not changed is not said again')
    stream.end()
  })

  it('tells of what does not exist yet, and then of it', async () => {
    const stream = await watch(`${services}/later`)
    await until(() => stream.events[0]?.data.status === 404, 'it is missing')
    assert.equal((await house.reddog('service', 'create', 'later')).code, 0)
    await until(() => stream.events.at(-1)?.data.status === 200, 'it is there')
    stream.end()
  })

  it('goes on over a kill -9 of the controller', async () => {
    const stream = await watch(services)
    await until(() => stream.events.length > 0)
    process.kill(house.member('FabricController') as number, 'SIGKILL')
    await until(
      async () => (await house.reddog('service', 'create', 'after-kill')).code === 0,
      'the controller is back',
    )
    await until(() => stream.events.at(-1)?.data.text?.includes('after-kill') === true, 'the stream goes on')
    stream.end()
  })

  it('says that the API is away, once, and how everything is when it is back', async () => {
    const stream = await watch(services, '/reddog/hosts')
    await until(() => stream.events.length === 2)
    const killed = house.member('RDFE') as number
    process.kill(killed, 'SIGSTOP')
    await until(() => stream.events.some(({ event }) => event === 'away'), 'it is away')
    process.kill(killed, 'SIGKILL')
    await until(() => stream.events.slice(2).filter(({ event }) => event === 'changed').length >= 2, 'both are known')
    const later = stream.events.slice(2).map(({ event }) => event)
    assert.equal(later[0], 'away')
    stream.end()
  })

  it('is for paths of the API, and not for too many', async () => {
    assert.equal((await ask('/live')).status, 400)
    const paths = Array.from({ length: mostLivePaths + 1 }, (_, at) => `path=${services}/s${at}`)
    assert.equal((await ask(`/live?${paths.join('&')}`)).status, 400)
    assert.equal((await ask(`/live?path=${services}/s/deployments`)).status, 405)
    assert.equal((await ask('/live?path=/nothing')).status, 404)
  })

  it('is one of so many that a session may have', async () => {
    const cookieOfOne = await signIn(house)
    const open = () => watchAt(originOf(house), [services], { cookie: cookieOfOne })
    const streams = await Promise.all(Array.from({ length: 17 }, open))
    assert.equal(streams.filter(({ status }) => status === 200).length, 16)
    assert.equal(streams.filter(({ status }) => status === 503).length, 1)
    for (const stream of streams) stream.end()
    await until(async () => {
      const again = await open()
      again.end()
      return again.status === 200
    }, 'those that have ended do not count')
  })

  it('is none when its page has gone before it began', async () => {
    const cookieOfOne = await signIn(house)
    const stopped = house.member('RDFE') as number
    process.kill(stopped, 'SIGSTOP')
    await until(async () => {
      const leaving = Array.from({ length: 16 }, () =>
        begin(originOf(house), `/live?path=${services}`, { cookie: cookieOfOne }).on('error', () => {}),
      )
      for (const one of leaving) one.end()
      const isWaiting = await Promise.race([ask('/session').then(() => false), delay(1_000).then(() => true)])
      for (const one of leaving) one.destroy()
      return isWaiting
    }, 'the portal waits for the API before it answers')
    process.kill(stopped, 'SIGCONT')
    const streams = await Promise.all(
      Array.from({ length: 16 }, () => watchAt(originOf(house), [services], { cookie: cookieOfOne })),
    )
    assert.deepEqual(
      streams.map(({ status }) => status),
      Array<number>(16).fill(200),
      'the session has all its streams',
    )
    for (const stream of streams) stream.end()
  })
})

describe('a package', () => {
  const temporary = () => readdirSync(join(house.data, 'portal'))
  const stored = async () => (await ask('/blobs?container=deployments')).body
  const send = (body: Asked['body'], name = 'a.cspkg') =>
    ask(`/packages?name=${name}`, { method: 'POST', ...(body !== undefined && { body }) })

  it('is read and put into the Blob service, read there again, and removed (M-4)', async () => {
    const file = join(house.data, 'hello.cspkg')
    await house.reddog('pack', join(root, 'examples/hello-worker'), '--out', file)
    const { status, body } = await send(readFileSync(file), 'hello.cspkg')
    assert.equal(status, 201, body)
    const { url, ...found } = JSON.parse(body) as { url: string; sha256: string; model: object }
    assert.deepEqual(found.model, { name: 'HelloWorker', roles: [{ name: 'Hello', kind: 'WorkerRole' }] })
    assert.match(found.sha256, /^[0-9a-f]{64}$/)
    assert.match(await stored(), new RegExp(url.split('/').at(-1) as string))
    const again = await ask('/packages/examine', { method: 'POST', body: JSON.stringify({ url }) })
    assert.deepEqual(JSON.parse(again.body), found)
    assert.deepEqual(temporary(), [])
    const gone = await ask(`/packages?url=${encodeURIComponent(url)}`, { method: 'DELETE' })
    assert.equal(gone.status, 204)
    assert.equal((await ask(`/packages?url=${encodeURIComponent(url)}`, { method: 'DELETE' })).status, 404)
    assert.equal(await stored(), '{"blobs":[]}')
  })

  it('that is none is refused with a sentence, and nothing of it stays', async () => {
    for (const body of ['', 'no package', Buffer.from('PK\u0003\u0004 nearly one')]) {
      const { status, body: said } = await send(body)
      assert.equal(status, 400)
      assert.match(said, /^\{"message":"[^"]+\."\}$/)
    }
    assert.deepEqual(temporary(), [])
    assert.equal(await stored(), '{"blobs":[]}')
  })

  it('of 300 MB passes through without being held in memory', async () => {
    const before = highestMemory(house)
    assert.equal((await send(Readable.from(zeros(300)))).status, 400)
    assert.ok(highestMemory(house) - before < 60 * 1024 * 1024, String(highestMemory(house) - before))
    assert.deepEqual(temporary(), [])
  })

  it('above 600 MB is refused before it has come (B-2)', async () => {
    const headers = { ...ownPage, 'content-length': 601 * 1024 * 1024 }
    const sent = begin(originOf(house), '/packages?name=a', { method: 'POST', cookie, headers })
    sent.write('PK')
    const [response] = await once(sent, 'response')
    assert.equal(response.statusCode, 413)
    sent.on('error', () => {}).destroy()
    await until(() => temporary().length === 0)
  })

  it('whose sender goes away leaves nothing; only two are read at once', async () => {
    const headers = { ...ownPage, 'content-length': 1_000_000 }
    const sent = ['one', 'two'].map((name) =>
      begin(originOf(house), `/packages?name=${name}`, { method: 'POST', cookie, headers }),
    )
    for (const one of sent) one.on('error', () => {}).write(Buffer.alloc(1_000))
    await until(() => temporary().length === 2, 'both are on their way')
    assert.equal((await send('PK')).status, 503)
    for (const one of sent) one.destroy()
    await until(() => temporary().length === 0, 'nothing is left')
    assert.equal((await send('PK')).status, 400)
  })

  it('is read from the subscription’s own account alone', async () => {
    const examine = (url: unknown) => ask('/packages/examine', { method: 'POST', body: JSON.stringify({ url }) })
    const { blobEndpoint = '' } = house.greeting()
    for (const url of [
      '',
      5,
      'http://127.0.0.1:1/a/b',
      `${blobEndpoint}.evil/a/b`,
      `${blobEndpoint}/deployments`,
      `${blobEndpoint}/A_B/c`,
      'file:///etc/passwd',
    ])
      assert.equal((await examine(url)).status, 400, String(url))
    assert.equal((await examine(`${blobEndpoint}/deployments/none.cspkg`)).status, 404)
  })
})

describe('blobs', () => {
  it('are listed by container and prefix, and small ones are shown as they are (M-5)', async () => {
    const { BlobServiceClient } = await import('@azure/storage-blob')
    const account = BlobServiceClient.fromConnectionString(house.greeting()['blobConnectionString'] as string)
    const container = account.getContainerClient('settings')
    await container.createIfNotExists()
    const text = Buffer.from('\ufeff<ServiceConfiguration/>', 'utf16le')
    await container.getBlockBlobClient('shop/ü one.cscfg').upload(text, text.length)
    await container.getBlockBlobClient('other').upload('x', 1)
    await container.getBlockBlobClient('large').upload(Buffer.alloc(1024 * 1024 + 1), 1024 * 1024 + 1)
    const { containers } = JSON.parse((await ask('/blobs')).body) as { containers: string[] }
    assert.ok(containers.includes('settings'))
    const { blobs } = JSON.parse((await ask('/blobs?container=settings&prefix=shop/')).body) as {
      blobs: { name: string; sizeBytes: number; modified: string; url: string }[]
    }
    assert.deepEqual(
      blobs.map(({ name, sizeBytes }) => [name, sizeBytes]),
      [['shop/ü one.cscfg', text.length]],
    )
    assert.ok(Date.parse(blobs[0]?.modified ?? '') > 0)
    const name = encodeURIComponent('shop/ü one.cscfg')
    const shown = await ask(`/blobs/content?container=settings&name=${name}`)
    assert.equal(shown.status, 200)
    assert.equal(shown.headers['content-length'], String(text.length))
    assert.equal((await ask('/blobs/content?container=settings&name=large')).status, 413)
    assert.equal((await ask('/blobs/content?container=settings&name=none')).status, 404)
    assert.equal((await ask('/blobs/content?container=settings')).status, 400)
    assert.equal((await ask('/blobs?container=none')).status, 404)
    for (const bad of ['..', 'A', 'a/b', '%00', 'a'.repeat(64)])
      assert.equal((await ask(`/blobs?container=${bad}`)).status, 400, bad)
    assert.equal((await ask(`/blobs?container=settings&prefix=${'a'.repeat(1_025)}`)).status, 400)
  })
})
