/** The decisions of the gateway that need a clock, or many of something. */
import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { apiTarget } from '../../src/client/portal/gateway/api-target.ts'
import { rememberCallers } from '../../src/client/portal/gateway/caller.ts'
import { pauseAfter } from '../../src/client/portal/gateway/live/pace.ts'
import { Refusal } from '../../src/client/portal/gateway/refusal.ts'
import { sessionCookie } from '../../src/client/portal/gateway/session-cookie.ts'
import { openSessions } from '../../src/client/portal/gateway/sessions.ts'
import { readToken } from '../../src/client/portal/one-time-link.ts'

const by = { certificate: 'MII', listener: 'http://127.0.0.1:8441', caller: '1000' }
const hourMs = 3_600_000

describe('sessions', () => {
  it('end after eight hours, however much is asked', () => {
    let now = 0
    const sessions = openSessions(() => now)
    const cookie = sessions.begin(by)
    for (; now < 8 * hourMs; now += hourMs / 2) assert.ok(sessions.find(cookie, by), String(now))
    assert.equal(sessions.find(cookie, by), undefined)
  })

  it('end after an hour in which nothing is asked; a live stream counts as asking', () => {
    let now = 0
    const sessions = openSessions(() => now)
    const [quiet, watching] = [sessions.begin(by), sessions.begin(by)]
    const session = sessions.find(watching, by)
    assert.ok(session)
    const release = sessions.beginStream(session)
    now = 2 * hourMs
    sessions.sweep()
    assert.equal(sessions.find(quiet, by), undefined)
    assert.ok(sessions.find(watching, by))
    release?.()
    now += hourMs
    sessions.sweep()
    assert.ok(session.ended.aborted)
  })

  it('are a hundred at most: the oldest goes', () => {
    const sessions = openSessions(() => 0)
    const cookies = Array.from({ length: 101 }, () => sessions.begin(by))
    assert.deepEqual(
      cookies.map((cookie) => sessions.find(cookie, by) !== undefined),
      [false, ...Array<boolean>(100).fill(true)],
    )
  })

  it('belong to the entrance and the account that began them', () => {
    const sessions = openSessions(() => 0)
    const cookie = sessions.begin(by)
    assert.equal(sessions.find(cookie, { ...by, caller: '1001' }), undefined)
    assert.equal(sessions.find(cookie, { ...by, listener: 'https://reddog.example:8442' }), undefined)
    assert.equal(sessions.find(`${cookie}x`, by), undefined)
    assert.ok(sessions.find(cookie, by))
  })

  it('have as many streams as windows are likely', () => {
    const sessions = openSessions(() => 0)
    const session = sessions.find(sessions.begin(by), by)
    assert.ok(session)
    const releases = Array.from({ length: 17 }, () => sessions.beginStream(session))
    assert.equal(releases.filter(Boolean).length, 16)
    releases[0]?.()
    assert.ok(sessions.beginStream(session))
    sessions.end(session)
    assert.equal(sessions.beginStream(session), undefined)
  })
})

describe('the account at the other end of a connection', () => {
  it('is asked for once; while it cannot be told it is nobody, and asked for again', async () => {
    const answers = [undefined, 1000, 1001]
    const callerOf = rememberCallers(async () => answers.shift())
    const socket = new Socket()
    assert.equal(await callerOf(socket), undefined)
    assert.equal(await callerOf(socket), '1000')
    assert.equal(await callerOf(socket), '1000')
    assert.equal(await callerOf(new Socket()), '1001')
  })
})

describe('what is read', () => {
  it('a cookie is found among others, and only in its form', () => {
    const value = 'a'.repeat(43)
    const { read } = sessionCookie(8441, false)
    assert.deepEqual(read(`x=1; reddog-portal-8441=${value}; reddog-portal-8442=${value}`), [value])
    for (const header of [undefined, '', ';;=;', `reddog-portal-8441=${value}a`, `reddog-portal-8441="${value}"`])
      assert.deepEqual(read(header), [])
    const others = 'reddog-portal-8441=' + `${'b'.repeat(43)}; reddog-portal-8441=`.repeat(30) + value
    assert.ok(read(others).includes(value), 'those that other programs of the machine have set do not hide it')
    assert.equal(read(`reddog-portal-8441=${value};`.repeat(100)).length, 64)
    assert.match(sessionCookie(8442, true).clear, /^__Host-reddog-portal-8442=; Max-Age=0; Path=\/; .*Secure$/)
  })

  it('a token is two parts in the alphabet of URLs, and says all that it must', () => {
    const claims = { thumbprint: 'AA', origin: 'http://127.0.0.1:1', expires: 5, nonce: '0'.repeat(32) }
    const token = (value: unknown) => `${Buffer.from(JSON.stringify(value)).toString('base64url')}.AAAA`
    assert.deepEqual(readToken(token(claims))?.claims, claims)
    for (const wrong of [
      null,
      1,
      [],
      {},
      { ...claims, expires: 'x' },
      { ...claims, expires: 1e300 },
      { ...claims, nonce: '' },
    ])
      assert.equal(readToken(token(wrong)), undefined, JSON.stringify(wrong))
    assert.equal(readToken(`${token(claims)}${'a'.repeat(5_000)}`), undefined)
  })

  it('a path of the API is passed on as it was written, with one slash before it', () => {
    assert.equal(apiTarget('GET', ''), '')
    assert.equal(apiTarget('GET', 'operations?x=%41'), '/operations?x=%41')
    assert.equal(apiTarget('DELETE', '/services/hostedservices/a?comp=media'), '/services/hostedservices/a?comp=media')
    for (const [method, path] of [
      ['GET', '/services/hostedservices/a\u00e4'],
      ['GET', '/services/hostedservices/a b'],
      ['GET', '/constructor'],
      ['TRACE', '/operations'],
    ] as const)
      assert.throws(() => apiTarget(method, path), Refusal)
  })

  it('what steps is asked for often, what has ended hardly ever', () => {
    const progress = '/reddog/hostedservices/a/deploymentslots/production/progress'
    assert.equal(pauseAfter(progress, '', 0), 100)
    assert.equal(pauseAfter(progress, '', 60_000), 200)
    assert.equal(pauseAfter('/operations/0', '<Status>InProgress</Status>', 0), 100)
    assert.equal(pauseAfter('/operations/0', '<Status>Succeeded</Status>', 0), 10_000)
    assert.equal(pauseAfter('/operations', '<Status>InProgress</Status>', 0), 1_000)
    assert.equal(pauseAfter('/services/hostedservices/progress', '', 0), 1_000)
  })
})
