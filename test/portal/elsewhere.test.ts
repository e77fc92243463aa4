/** The portal for other machines: nobody gets anything without a management certificate of the subscription. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connect } from 'node:tls'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { makeHouse } from '../end-to-end/house.ts'
import { until } from '../until.ts'
import {
  type Asked,
  askApi,
  ask as askAt,
  cookieOf,
  management,
  openSslCertificate,
  originOf,
  ownPage,
  portalLog,
  register,
  signIn,
  watch,
} from './portal.ts'

/** Nobody else of this machine has it; other machines do not reach it. */
const address = '127.99.0.7'
const house = makeHouse(['--hosts', '1'])
const directory = mkdtempSync(join(tmpdir(), 'elsewhere-'))
let there: string
let ca: string
let user: KeyAndCertificate

before(async () => {
  there = `https://${address}:${await freePort()}`
  await house.up('--portal-address', there.slice('https://'.length))
  ca = readFileSync(house.greeting()['caCertificate'] as string, 'utf8')
  user = openSslCertificate(directory, 'user')
  await register(house, user)
})
after(() => house.dispose())
after(() => rmSync(directory, { recursive: true }))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, address)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

const ask = (target: string, certificate?: KeyAndCertificate, more: Asked = {}) =>
  askAt(there, target, { ca, certificate, ...more })

const enter = (certificate?: KeyAndCertificate) =>
  ask('/session', certificate, { method: 'POST', headers: ownPage, body: '{}' })

describe('the portal for other machines', () => {
  it('has a server certificate of the fabric’s authority for its address', async () => {
    const { status } = await ask('/', user)
    assert.equal(status, 200)
    const socket = connect({ host: address, port: Number(new URL(there).port), ca })
    await once(socket, 'secureConnect')
    assert.match(socket.getPeerX509Certificate()?.subjectAltName ?? '', new RegExp(address.replaceAll('.', '\\.')))
    socket.destroy()
  })

  it('is named by reddog portal, and speaks no plain http', async () => {
    const { stdout } = await house.reddog('portal', '--json')
    assert.equal((JSON.parse(stdout) as { elsewhere: string }).elsewhere, `${there}/`)
    await assert.rejects(askAt(there.replace('https:', 'http:'), '/'))
  })

  it('gives not even a page to who shows no certificate, or one that is not registered', async () => {
    const stranger = openSslCertificate(directory, 'stranger')
    for (const path of ['/', '/assets/x.js', '/session', '/api/services/hostedservices', '/live?path=/operations'])
      for (const certificate of [undefined, stranger]) assert.equal((await ask(path, certificate)).status, 403, path)
    assert.equal((await enter()).status, 403)
    assert.equal((await enter(stranger)).status, 403)
    const { headers, body } = await ask('/', undefined, { headers: { accept: 'text/html,*/*' } })
    assert.match(String(headers['content-type']), /^text\/plain/)
    assert.match(body, /^This portal is for holders of a management certificate .* Import one into it\.$/)
    assert.match(
      portalLog(house),
      /refused GET \/ from 127\..*: This portal is for holders of a management certificate/,
    )
  })

  it('lets in who shows a registered one, without a link', async () => {
    assert.equal((await ask('/session', user)).status, 401)
    const answer = await enter(user)
    assert.match(
      String(answer.headers['set-cookie']),
      /^__Host-reddog-portal-.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    )
    const cookie = cookieOf(answer)
    assert.equal((await ask('/session', user, { cookie })).status, 200)
    assert.match((await ask('/api/services/hostedservices', user, { cookie })).body, /^<HostedServices /)
  })

  it('takes a session from its own certificate alone, and none of this machine’s entrance', async () => {
    const cookie = cookieOf(await enter(user))
    assert.equal((await ask('/session', management(house), { cookie })).status, 401)
    assert.equal((await ask('/session', undefined, { cookie })).status, 403)
    const port = (base: string) => new URL(base).port
    const asHere = cookie.replace(/^__Host-(.*-)\d+/, `$1${port(originOf(house))}`)
    assert.equal((await askAt(originOf(house), '/session', { cookie: asHere })).status, 401)
    const here = await signIn(house)
    assert.equal(
      (await ask('/session', management(house), { cookie: here.replace(/^(.*-)\d+/, `__Host-$1${port(there)}`) }))
        .status,
      401,
    )
  })

  it('is asked by its own name and from its own pages', async () => {
    const cookie = cookieOf(await enter(user))
    for (const host of ['evil.example', address, 'localhost', new URL(originOf(house)).host])
      assert.equal((await ask('/session', user, { cookie, headers: { host } })).status, 421, host)
    const post = (headers: Readonly<Record<string, string>>) => ask('/session', user, { method: 'POST', headers })
    assert.equal((await post({})).status, 403)
    assert.equal((await post({ ...ownPage, origin: 'https://evil.example' })).status, 403)
    assert.equal((await post({ ...ownPage, origin: there })).status, 204)
  })

  it('ends at once for a certificate that is deleted while its user is signed in', async () => {
    const leaver = openSslCertificate(directory, 'leaver')
    const thumbprint = await register(house, leaver)
    await until(async () => (await ask('/', leaver)).status === 200)
    const cookie = cookieOf(await enter(leaver))
    const stream = await watch(there, ['/services/hostedservices'], { ca, certificate: leaver, cookie })
    await until(() => stream.events.length > 0)
    assert.equal((await askApi(house, 'DELETE', `/certificates/${thumbprint}`)).status, 200)
    await until(() => stream.isOver(), 'the stream ends')
    for (const path of ['/', '/session', '/api/services/hostedservices'])
      assert.equal((await ask(path, leaver, { cookie })).status, 403)
  })
})
