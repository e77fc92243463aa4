/** What libraries of 2011 to 2014 send to the Blob service: their version of it signs the length of an empty body. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { BlobSASPermissions, ContainerSASPermissions } from '@azure/storage-blob'
import { startBlobService } from './blob-service.ts'

/** Bytes of a body that is still on its way when it is answered. */
const longBytes = 4 * 1024 * 1024

type Service = Awaited<ReturnType<typeof startBlobService>>

/** A PUT without a body as a library of that version sends it, which signs its length as `length`. */
async function put({ account }: Service, version: string, path: string, length: string, more = {}): Promise<number> {
  const [own, query = ''] = path.split('?')
  const fields = { ...more, 'x-ms-date': new Date().toUTCString(), 'x-ms-version': version }
  const named = Object.entries(fields).map(([name, value]) => `${name}:${value}\n`)
  const words = query === '' ? '' : `\n${query.replace('=', ':')}`
  const text = `PUT\n\n\n${length}\n\n\n\n\n\n\n\n\n${named.join('')}/${account.name}/${account.name}/${own}${words}`
  const signature = createHmac('sha256', Buffer.from(account.key, 'base64')).update(text).digest('base64')
  const headers = { ...fields, 'Content-Length': '0', Authorization: `SharedKey ${account.name}:${signature}` }
  return (await fetch(`${account.blobEndpoint}/${path}`, { method: 'PUT', headers })).status
}

test('a container is made by StorageClient 1.7 and Storage 2 to 4, which sign a length of 0, and by later ones, which do not', async (t) => {
  const service = await startBlobService(t)
  assert.equal(await put(service, '2011-08-18', 'early?restype=container', '0'), 201)
  assert.equal(await put(service, '2014-02-14', 'late?restype=container', '0'), 201)
  assert.equal(await put(service, '2015-02-21', 'later?restype=container', ''), 201)
})

test('a signature of the other rule is refused', async (t) => {
  const service = await startBlobService(t)
  assert.equal(await put(service, '2014-02-14', 'abc?restype=container', ''), 403)
  assert.equal(await put(service, '2015-02-21', 'bcd?restype=container', '0'), 403)
})

test('a list has the addresses that libraries before 3.0 read, and none for later ones', async (t) => {
  const service = await startBlobService(t)
  const container = service.client.getContainerClient('listed')
  await container.create({ access: 'container' })
  const names = ['a b/é&.txt', 'c#1?2%41.txt']
  for (const name of names) await container.getBlockBlobClient(name).upload(name, Buffer.byteLength(name))
  const list = async (version: string) => {
    const url = `${service.account.blobEndpoint}/listed?restype=container&comp=list`
    return (await fetch(url, { headers: { 'x-ms-version': version } })).text()
  }
  const address = `${service.account.blobEndpoint}/listed`
  const early = await list('2012-02-12')
  assert.match(early, new RegExp(`ContainerName="${address}"`))
  assert.match(early, new RegExp(`<Url>${address}/a b/é&amp;\\.txt</Url>`))
  assert.doesNotMatch(await list('2013-08-15'), /<Url>/)
  const addresses = [...early.matchAll(/<Url>([^<]*)<\/Url>/g)].map(([, url = '']) => url.replace('&amp;', '&'))
  assert.deepEqual(await Promise.all(addresses.map(async (url) => (await fetch(url)).text())), names)
})

test('an upload is answered whose body comes twice, as Mono sends it for StorageClient 1.7', async (t) => {
  const service = await startBlobService(t)
  const container = service.client.getContainerClient('twice')
  await container.create({ access: 'container' })
  for (const size of [11, longBytes]) {
    const body = 'x'.repeat(size)
    const { url } = container.getBlockBlobClient(`of-${size}`)
    const signed = await container.getBlockBlobClient(`of-${size}`).generateSasUrl({
      permissions: BlobSASPermissions.parse('cw'),
      expiresOn: new Date(Date.now() + 60_000),
    })
    const { host, port, pathname, search } = new URL(signed)
    const head = `PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nx-ms-blob-type: BlockBlob\r\nContent-Length: ${size}\r\n\r\n`
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(head + body)
    socket.write(body)
    assert.match(await text(socket), /^HTTP\/1\.1 201 Created\r\n(?:(?!HTTP)[^])*$/)
    socket.destroy()
    assert.equal(await (await fetch(url)).text(), body)
  }
})

test('a copy is made of a source without a host, as StorageClient 1.7 names it, but not of another account', async (t) => {
  const service = await startBlobService(t)
  const container = service.client.getContainerClient('copies')
  await container.create({ access: 'container' })
  await container.getBlockBlobClient('a b.txt').upload('text', 4)
  const copy = (source: string) => put(service, '2011-08-18', 'copies/copy', '0', { 'x-ms-copy-source': source })
  assert.equal(await copy('/acct/copies/a%20b.txt'), 202)
  assert.equal(await (await fetch(container.getBlobClient('copy').url)).text(), 'text')
  assert.equal(await copy('/other/copies/a%20b.txt'), 404)
})

test('the source of a copy is asked for here and nowhere else, and a signature for one container reads no other', async (t) => {
  const service = await startBlobService(t)
  const asked: string[] = []
  const elsewhere = createServer((request, answer) => {
    asked.push(request.url ?? '')
    answer.end()
  })
  t.after(() => elsewhere.close())
  await once(elsewhere.listen(0, '127.0.0.1'), 'listening')
  const { port } = elsewhere.address() as AddressInfo
  const [own, secret] = await Promise.all(
    ['own', 'secret'].map(async (name) => {
      const container = service.client.getContainerClient(name)
      await container.create()
      await container.getBlockBlobClient('a').upload(name, name.length)
      return container
    }),
  )
  assert.ok(own && secret)
  const expiresOn = new Date(Date.now() + 60_000)
  const signed = await own.generateSasUrl({ permissions: ContainerSASPermissions.parse('rcw'), expiresOn })
  const copy = (source: string, headers = {}) => {
    const { pathname, search } = new URL(signed)
    return new Promise<number | undefined>((resolve, reject) => {
      const { port: at } = new URL(service.account.blobEndpoint)
      const fields = { 'x-ms-copy-source': source, 'x-ms-version': '2020-10-02', 'Content-Length': 0, ...headers }
      const sent = request(
        { port: at, method: 'PUT', path: `${pathname}/copy${search}`, headers: fields },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      sent.once('error', reject)
      sent.end()
    })
  }
  const stranger = `127.0.0.1:${port}`
  assert.equal(await copy(`http://${stranger}/other/c/b`, { Host: stranger }), 403)
  assert.equal(await copy(`http://${stranger}/acct/own/none?sig=x`, { Host: stranger }), 403)
  assert.equal(await copy(secret.getBlobClient('a').url), 403)
  const ofSecret = await secret
    .getBlobClient('a')
    .generateSasUrl({ permissions: BlobSASPermissions.parse('r'), expiresOn })
  assert.equal(await copy(ofSecret), 202)
  assert.equal(String(await own.getBlobClient('copy').downloadToBuffer()), 'secret')
  assert.equal(await copy(`${own.getBlobClient('a').url}?${new URL(signed).search.slice(1)}`), 202)
  assert.deepEqual(asked, [])
  assert.equal((await fetch(`${signed}&restype=container&comp=list&sip=192.0.2.1`)).status, 403)
})

test('what is no request is refused', async (t) => {
  const { account } = await startBlobService(t)
  const socket = connect(Number(new URL(account.blobEndpoint).port), '127.0.0.1')
  socket.write('nonsense\r\n\r\n')
  assert.match(await text(socket), /^HTTP\/1\.1 400 /)
  socket.destroy()
})
