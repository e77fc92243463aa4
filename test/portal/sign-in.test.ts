/** Who gets into the portal on this machine, and who does not: a real fabric, asked as browsers and strangers ask. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes, sign } from 'node:crypto'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { linkLifeMs } from '../../src/client/portal/one-time-link.ts'
import { makeHouse, root } from '../end-to-end/house.ts'
import { until } from '../until.ts'
import {
  ask,
  askApi,
  cookieOf,
  management,
  newToken,
  openSslCertificate,
  originOf,
  ownPage,
  portalLog,
  register,
  signIn,
  takeToken,
  thumbprintOf,
  tokenOf,
  watch,
} from './portal.ts'

const house = makeHouse(['--hosts', '1'])
const link = () => house.reddog('portal', '--json').then(({ stdout }) => JSON.parse(stdout) as { link: string })

before(() => house.up())
after(() => house.dispose())

/** Requests for everything that is somebody's. */
const dataRequests = [
  ['GET', '/session'],
  ['DELETE', '/session'],
  ['GET', '/api'],
  ['GET', '/api/services/hostedservices'],
  ['POST', '/api/services/hostedservices'],
  ['GET', '/api/certificates'],
  ['GET', '/live?path=/services/hostedservices'],
  ['POST', '/packages?name=a.cspkg'],
  ['DELETE', '/packages?url=http://127.0.0.1/'],
  ['POST', '/packages/examine'],
  ['GET', '/blobs'],
  ['GET', '/blobs?container=deployments'],
  ['GET', '/blobs/content?container=deployments&name=a'],
] as const

describe('the pages of the portal', () => {
  it('have no body in their requests: one without an end would hold its connection', async () => {
    for (const headers of [{ 'content-length': '5' }, { 'transfer-encoding': 'chunked' }]) {
      const { status, headers: answered } = await ask(originOf(house), '/services', { headers, body: 'hello' })
      assert.deepEqual([status, answered['connection']], [400, 'close'])
    }
  })

  it('come to anybody, with a policy that lets in nothing but themselves', async () => {
    for (const path of ['/', '/services/hello', '/anything/at/all']) {
      const { status, headers, body } = await ask(originOf(house), path)
      assert.equal(status, 200)
      const policy = String(headers['content-security-policy'])
      const [, nonce] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? []
      assert.ok(nonce && body.includes(nonce), 'the page names the nonce of its answer')
      assert.match(policy, /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/)
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
      assert.equal(headers['cache-control'], 'no-store')
    }
    const [first, second] = await Promise.all([ask(originOf(house), '/'), ask(originOf(house), '/')])
    assert.notEqual(first.headers['content-security-policy'], second.headers['content-security-policy'])
  })

  it('bring scripts that a browser keeps, in the form that it takes', async () => {
    const { body } = await ask(originOf(house), '/')
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(body) ?? []
    const coded = await ask(originOf(house), script, { headers: { 'accept-encoding': 'gzip;q=0.5, br' } })
    assert.equal(coded.status, 200)
    assert.equal(coded.headers['content-encoding'], 'br')
    assert.match(String(coded.headers['cache-control']), /immutable/)
    const plain = await ask(originOf(house), script, { headers: { 'accept-encoding': 'br;q=0, identity' } })
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.match(String(plain.headers['content-type']), /^text\/javascript/)
  })

  it('lead to no other file of the machine', async () => {
    for (const path of ['/assets/../index.html', '/assets/..%2findex.html', '/assets/%2e%2e/x', '/assets/', '/.git/x'])
      assert.equal((await ask(originOf(house), path)).status, 404, path)
  })
})

describe('without a session', () => {
  for (const [method, path] of dataRequests)
    it(`${method} ${path} gives nothing`, async () => {
      const { status, body, headers } = await ask(originOf(house), path, { method, headers: ownPage })
      assert.equal(status, 401)
      assert.match(body, /^\{"message":"You are not signed in\./)
      assert.equal(headers['x-frame-options'], 'DENY')
    })

  it('a cookie that somebody has made up gives nothing', async () => {
    const { port } = new URL(originOf(house))
    for (const value of ['', 'a'.repeat(43), randomBytes(32).toString('base64url'), '__proto__'])
      assert.equal((await ask(originOf(house), '/session', { cookie: `reddog-portal-${port}=${value}` })).status, 401)
  })
})

describe('a one-time link', () => {
  it('signs in once: the session knows its subscription and its end', async () => {
    const token = tokenOf((await link()).link)
    const answer = await takeToken(originOf(house), token)
    assert.equal(answer.status, 204)
    assert.match(
      String(answer.headers['set-cookie']),
      /^reddog-portal-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const { status, body } = await ask(originOf(house), '/session', { cookie: cookieOf(answer) })
    assert.equal(status, 200)
    const { subscriptionId, signedInUntil } = JSON.parse(body) as Record<string, string>
    assert.equal(subscriptionId, house.greeting()['subscriptionId'])
    assert.ok(Date.parse(signedInUntil as string) > Date.now())
    assert.equal((await takeToken(originOf(house), token)).status, 403)
  })

  it('is printed where the portal is', async () => {
    const { code, stdout } = await house.reddog('portal')
    assert.equal(code, 0)
    assert.ok(stdout.startsWith(`${originOf(house)}/#sign-in=`))
    assert.equal(readFileSync(join(house.data, 'portal.url'), 'utf8'), `${house.greeting()['portalUrl']}\n`)
  })

  it('gets to a browser by a file of our own, whoever has made one of its name before', async () => {
    const [file, browser] = [join(house.data, 'portal-sign-in.html'), mkdtempSync(join(tmpdir(), 'browser-'))]
    writeFileSync(join(browser, 'xdg-open'), '#!/bin/sh\n', { mode: 0o755 })
    writeFileSync(file, '')
    chmodSync(file, 0o666)
    const held = openSync(file, 'r')
    const env = { ...process.env, DISPLAY: ':9', PATH: `${browser}:${process.env['PATH']}` }
    execFileSync('script', ['-qfec', `${join(root, 'bin/reddog')} portal --data ${house.data}`, '/dev/null'], {
      env,
      stdio: 'ignore',
    })
    assert.match(readFileSync(file, 'utf8'), /#sign-in=/)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(readFileSync(held, 'utf8'), '', 'who had opened the other sees nothing')
    closeSync(held)
    rmSync(browser, { recursive: true })
  })

  it('signs in with any management certificate of the subscription, and with no other', async () => {
    const pair = openSslCertificate(house.data, 'colleague')
    assert.equal((await takeToken(originOf(house), newToken(house, pair))).status, 403)
    await register(house, pair)
    await until(async () => (await takeToken(originOf(house), newToken(house, pair))).status === 204)
  })

  /** What it says, signed by the house's own key unless another is given. */
  function forged(claims: object, keyPem = management(house).keyPem): string {
    const whole = {
      thumbprint: thumbprintOf(management(house).certificatePem),
      origin: originOf(house),
      expires: Date.now() + linkLifeMs,
      nonce: randomBytes(16).toString('hex'),
      ...claims,
    }
    const signed = Buffer.from(JSON.stringify(whole)).toString('base64url')
    return `${signed}.${sign('sha256', Buffer.from(signed), keyPem).toString('base64url')}`
  }

  it('is refused when anything about it is wrong, always with the same words; the log says why', async () => {
    const stranger = openSslCertificate(house.data, 'stranger')
    const good = newToken(house)
    const bad: Readonly<Record<string, string>> = {
      'it is too old': forged({ expires: Date.now() - 1 }),
      'it is good for longer than it may be': forged({ expires: Date.now() + 2 * linkLifeMs }),
      'it was made before the portal was started': forged({ expires: Date.now() + 1_000 }),
      'it is for another origin': forged({ origin: 'http://127.0.0.1:1' }),
      'its certificate is not registered': newToken(house, stranger),
      'its signature is wrong': forged({}, stranger.keyPem),
      'it is none': 'hello',
    }
    const words = new Set<string>()
    for (const [why, token] of Object.entries(bad)) {
      const { status, body } = await takeToken(originOf(house), token)
      assert.equal(status, 403, why)
      words.add(body)
      assert.ok(portalLog(house).includes(`the link does not sign in: ${why}`), why)
    }
    assert.equal(words.size, 1)
    for (const token of [
      '',
      '.',
      `${good}.x`,
      good.slice(0, -8),
      'a'.repeat(9_000),
      '{"token":1}',
      'e30.e30',
      'bnVsbA.YQ',
    ])
      assert.equal((await takeToken(originOf(house), token)).status, 403, token)
    assert.equal((await takeToken(originOf(house), good)).status, 204, 'the good one was not harmed')
  })

  it('takes no body that is no sign-in', async () => {
    const post = (body: string) => ask(originOf(house), '/session', { method: 'POST', headers: ownPage, body })
    assert.equal((await post('{')).status, 400)
    assert.equal((await post('null')).status, 403)
    assert.equal((await post(`{"token":"${'a'.repeat(20_000)}"}`)).status, 413)
  })
})

describe('a session', () => {
  it('ends when its user signs out, and its streams with it', async () => {
    const cookie = await signIn(house)
    const stream = await watch(originOf(house), ['/services/hostedservices'], { cookie })
    await until(() => stream.events.length > 0)
    const { status, headers } = await ask(originOf(house), '/session', { method: 'DELETE', headers: ownPage, cookie })
    assert.equal(status, 204)
    assert.match(String(headers['set-cookie']), /Max-Age=0/)
    await until(() => stream.isOver(), 'the stream ends')
    assert.equal((await ask(originOf(house), '/api/services/hostedservices', { cookie })).status, 401)
  })

  it('ends when the certificate that began it is deleted, and its streams with it', async () => {
    const pair = openSslCertificate(house.data, 'leaver')
    const thumbprint = await register(house, pair)
    await until(async () => (await takeToken(originOf(house), newToken(house, pair))).status === 204)
    const cookie = await signIn(house, pair)
    const stream = await watch(originOf(house), ['/services/hostedservices'], { cookie })
    assert.equal((await askApi(house, 'DELETE', `/certificates/${thumbprint}`)).status, 200)
    await until(() => stream.isOver(), 'the stream ends')
    assert.equal((await ask(originOf(house), '/session', { cookie })).status, 401)
  })

  it('is of this portal alone: a cookie with the name of another port is not looked at', async () => {
    const cookie = await signIn(house)
    assert.equal((await ask(originOf(house), '/session', { cookie: cookie.replace(/\d+=/, '1=') })).status, 401)
    assert.equal((await ask(originOf(house), '/session', { cookie: `a=b; ${cookie}; c` })).status, 200)
  })
})

describe('another account of this machine', () => {
  const isRoot = process.getuid?.() === 0

  it('has no use for a cookie that a browser has sent to it', {
    skip: !isRoot && 'only root runs others',
  }, async () => {
    const cookie = await signIn(house)
    const asked = (uid: number) =>
      execFileSync('curl', ['-s', '-w', '%{http_code}', '-b', cookie, `${originOf(house)}/session`], {
        uid,
        gid: uid,
        encoding: 'utf8',
      })
    assert.match(asked(65_534), /401$/)
    assert.match(asked(0), /200$/)
  })
})

describe('another site', () => {
  const own = () => originOf(house)

  it('cannot have a browser change anything: our header, our origin and the fetch metadata are asked for', async () => {
    const cookie = await signIn(house)
    const post = (headers: Readonly<Record<string, string>>) =>
      ask(own(), '/api/services/hostedservices', { method: 'POST', cookie, headers, body: '<x/>' })
    assert.equal((await post({})).status, 403)
    assert.equal((await post({ ...ownPage, origin: 'https://evil.example' })).status, 403)
    assert.equal((await post({ ...ownPage, origin: 'null' })).status, 403)
    assert.equal((await post({ ...ownPage, origin: own().replace('127.0.0.1', 'localhost') })).status, 403)
    assert.equal((await post({ ...ownPage, 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await post({ ...ownPage, 'sec-fetch-site': 'same-site' })).status, 403)
    // The API's own word for such a body: it was passed on.
    assert.equal((await post({ ...ownPage, origin: own(), 'sec-fetch-site': 'same-origin' })).status, 400)
  })

  it('cannot read either, nor sign a browser in as somebody else', async () => {
    const cookie = await signIn(house)
    const headers = { 'sec-fetch-site': 'same-site' }
    for (const path of ['/session', '/api/services/hostedservices', '/live?path=/operations', '/blobs'])
      assert.equal((await ask(own(), path, { cookie, headers })).status, 403, path)
    const token = newToken(house)
    assert.equal((await takeToken(own(), token, { headers: {} })).status, 403)
    assert.equal((await takeToken(own(), token, { headers: { ...ownPage, origin: 'http://127.0.0.1:1' } })).status, 403)
    assert.equal((await takeToken(own(), token)).status, 204)
  })

  it('is not taken for us when its name was turned to our address (DNS rebinding)', async () => {
    const { port } = new URL(own())
    const cookie = await signIn(house)
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', `[::1]:${port}`])
      for (const path of ['/', '/session', '/api/services/hostedservices'])
        assert.equal((await ask(own(), path, { cookie, headers: { host } })).status, 421, `${host} ${path}`)
    assert.equal((await ask(own(), '/session', { cookie, headers: { host: `localhost:${port}` } })).status, 200)
  })
})

describe('the portal itself', () => {
  it('keeps tokens and cookies out of its log', async () => {
    const token = newToken(house)
    const answer = await takeToken(originOf(house), token)
    await takeToken(originOf(house), token)
    const log = portalLog(house)
    assert.ok(!log.includes(token) && !log.includes(cookieOf(answer).split('=')[1] as string))
    assert.match(log, /signed in from 127\.0\.0\.1 with the management certificate [0-9A-F]{40}$/m)
  })

  it('comes back after a kill -9, with no session and no link of before', async () => {
    const [cookie, old, killed] = [await signIn(house), newToken(house), house.member('Portal') as number]
    process.kill(killed, 'SIGKILL')
    await until(() => ![undefined, killed].includes(house.member('Portal')), 'the portal runs again')
    await until(
      () =>
        ask(originOf(house), '/').then(
          () => true,
          () => false,
        ),
      'the portal serves',
    )
    assert.equal((await ask(originOf(house), '/session', { cookie })).status, 401)
    assert.equal((await takeToken(originOf(house), old)).status, 403)
    assert.equal((await takeToken(originOf(house), newToken(house))).status, 204)
  })

  it('has a management certificate that the API lists; without it nobody gets in until the next up', async () => {
    const thumbprint = thumbprintOf(readFileSync(join(house.data, 'trust/portal.pem'), 'utf8'))
    assert.match((await askApi(house, 'GET', '/certificates')).body, new RegExp(thumbprint))
    const [cookie, origin] = [await signIn(house), originOf(house)]
    assert.equal((await askApi(house, 'DELETE', `/certificates/${thumbprint}`)).status, 200)
    await until(async () => (await ask(origin, '/api/services/hostedservices', { cookie })).status === 403)
    await until(async () => (await takeToken(origin, newToken(house))).status === 403, 'no link signs in')
    const { body } = await takeToken(origin, newToken(house))
    assert.match(body, /not registered for the subscription any more\. The next \\"reddog up\\" registers it again/)
    await house.end('SIGTERM')
    await house.up()
    assert.equal(originOf(house), origin, 'the port is the same')
    assert.equal((await takeToken(origin, newToken(house))).status, 204)
  })
})
