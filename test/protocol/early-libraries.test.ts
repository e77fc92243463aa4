/** What libraries of 2011 to 2014 send to the Blob service: their version of it signs the length of an empty body. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { startBlobService } from './blob-service.ts'

type Service = Awaited<ReturnType<typeof startBlobService>>

/** A PUT without a body as a library of that version sends it, which signs its length as `length`. */
async function put({ account }: Service, version: string, path: string, length: string): Promise<number> {
  const [own, query = ''] = path.split('?')
  const fields = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': version }
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
