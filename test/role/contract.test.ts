/** The documents and tables of the role runtime, and what the preload makes of a listen. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { readCurrentState } from '../../src/role/contract/current-state.ts'
import { endpointOf, writeDiscovery } from '../../src/role/contract/discovery.ts'
import { chunkOf, writeRoleGoal } from '../../src/role/contract/goal-state.ts'
import { nextExpiry, wishOf, withLease } from '../../src/role/contract/leases.ts'
import { type ClientMessage, messageLine } from '../../src/role/contract/messages.ts'
import { readClientMessage } from '../../src/role/contract/read-message.ts'
import { listenArguments, readPortMap } from '../../src/role/runtime/listen-on-instance-address.ts'
import { acquire, release } from './published-client.ts'

describe('the goal state document', () => {
  it('is ASCII on one line, whatever the path is called, and its chunk counts its bytes (role-runtime.md 4.2)', () => {
    const document = writeRoleGoal({ incarnation: 10, expected: 'Started', roleEnvironmentPath: '/räume/\r\n😀' }, '/s')
    assert.match(document, /^[\x20-\x7e]+$/)
    assert.match(document, /<Incarnation>0000000010<\/Incarnation>.*<Deadline>9999-12-31T23:59:59.9999999Z</)
    assert.equal(chunkOf(document), `${Buffer.byteLength(document).toString(16)}\r\n${document}\r\n`)
  })

  it('the ninth incarnation sorts before the tenth as text (rule 6)', () => {
    const incarnation = (n: number) =>
      /<Incarnation>(\d+)/.exec(
        writeRoleGoal({ incarnation: n, expected: 'Started', roleEnvironmentPath: '/' }, '/s'),
      )?.[1] ?? ''
    assert.ok(incarnation(9) < incarnation(10))
  })
})

describe('the discovery document', () => {
  it('names the endpoint of each version', () => {
    const document = writeDiscovery({ '2011-03-08': '/run/a/g', 'reddog-1': '/run/a/r' })
    assert.equal(endpointOf(document, 'reddog-1'), '/run/a/r')
    assert.equal(endpointOf(document, '2015-01-01'), undefined)
  })
})

describe('the current state document', () => {
  const expiries: readonly (readonly [text: string, expires: number])[] = [
    ['2027-01-15T08:30:00.000Z', Date.UTC(2027, 0, 15, 8, 30)],
    ['2027-01-15T08:30:00', Date.UTC(2027, 0, 15, 8, 30)],
    ['2027-01-15T08:30:00.1234567Z', Date.UTC(2027, 0, 15, 8, 30, 0, 123)],
    ['2027-01-15T09:30:00+01:00', Date.UTC(2027, 0, 15, 8, 30)],
    ['9999-12-31T23:59:59.999Z', Number.POSITIVE_INFINITY],
    ['10000-01-01T00:00:00Z', Number.POSITIVE_INFINITY],
  ]
  for (const [text, expires] of expiries)
    it(`reads the expiration ${text}`, () => {
      const lease = readCurrentState(acquire('one', 3, 'Busy', text))
      assert.deepEqual(lease, { kind: 'acquire', clientId: 'one', incarnation: 3, status: 'Busy', expires })
    })

  it('reads elements in any order, without StatusDetail, and a release', () => {
    const document =
      '<CurrentState><StatusLease ClientId="4b3"><Acquire><Expiration>2038-01-19T03:14:07Z</Expiration><Status>Recycle</Status><Incarnation>0000000002</Incarnation></Acquire></StatusLease></CurrentState>'
    const lease = readCurrentState(document)
    assert.ok(lease?.kind === 'acquire' && lease.incarnation === 2 && lease.status === 'Recycle')
    assert.deepEqual(readCurrentState(release('4b3')), { kind: 'release', clientId: '4b3' })
  })

  for (const junk of [
    '',
    'x',
    '<CurrentState/>',
    acquire('', 1, 'Busy'),
    acquire('a', 1, 'Late'),
    acquire('a', 1, 'Busy', 'soon'),
  ])
    it(`drops ${junk.slice(0, 60) || 'nothing'}`, () => assert.equal(readCurrentState(junk), undefined))
})

describe('the lease table', () => {
  const busy = { kind: 'acquire', clientId: 'a', incarnation: 1, status: 'Busy', expires: 100 } as const
  it('a Recycle wins over a Busy, an ended lease counts no more (role-runtime.md 6, rule 4)', () => {
    const both = withLease(withLease({}, busy), { ...busy, clientId: 'b', status: 'Recycle', expires: 50 })
    assert.deepEqual([wishOf(both, 10), wishOf(both, 50), wishOf(both, 100)], ['Recycle', 'Busy', undefined])
    assert.equal(nextExpiry(both), 50)
    assert.equal(wishOf(withLease(both, { kind: 'release', clientId: 'b' }), 10), 'Busy')
  })
})

describe('a listen in a Node program of a role (design.md 9.4)', () => {
  const address = '127.1.2.3'
  const moved = readPortMap('80=8080,443=8443')
  const callback = () => {}
  const rows: readonly (readonly [args: readonly unknown[], listens: readonly unknown[]])[] = [
    [['8080'], [{ port: 8080, host: address }]],
    [
      [80, callback],
      [{ port: 8080, host: address }, callback],
    ],
    [
      [443, '0.0.0.0', 511, callback],
      [{ port: 8443, host: address, backlog: 511 }, callback],
    ],
    [[3000, 'localhost'], [{ port: 3000, host: 'localhost' }]],
    [
      [{ port: 80, host: '::' }, callback],
      [{ port: 8080, host: address }, callback],
    ],
    [[{ port: 80, host: '10.0.0.1' }], [{ port: 80, host: '10.0.0.1' }]],
    [
      ['/run/socket', callback],
      ['/run/socket', callback],
    ],
    [[{ path: '/run/socket' }], [{ path: '/run/socket' }]],
    [[], [{ port: 0, host: address }]],
  ]
  for (const [args, listens] of rows)
    it(`${JSON.stringify(args)} listens as ${JSON.stringify(listens)}`, () =>
      assert.deepEqual(listenArguments(args, address, moved), listens))
})

describe('a message of a role process', () => {
  const messages: readonly ClientMessage[] = [
    { kind: 'hello', host: true },
    { kind: 'onStartEnded', result: false },
    { kind: 'runBegan' },
    { kind: 'runReturned' },
    { kind: 'failed', during: 'Run', failure: { type: 'Error', message: 'm', stack: 's' } },
    { kind: 'status', id: 3, busy: true },
    { kind: 'changingEnded', incarnation: 2, cancel: false },
    { kind: 'changedEnded', incarnation: 2 },
    { kind: 'requestRecycle' },
    { kind: 'stopped' },
  ]

  it('is read as it was said', () => {
    for (const message of messages) assert.deepEqual(readClientMessage(JSON.parse(messageLine(message))), message)
  })

  it('is none when a field is missing or of another kind, and holds nothing that the protocol does not name', () => {
    const odd = fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      fc.constantFrom(null, Number.POSITIVE_INFINITY, -1, 'x'.repeat(10_000), '__proto__'),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.record(
          { host: odd, result: odd, id: odd, busy: odd, incarnation: odd, failure: odd, during: odd, more: odd },
          { requiredKeys: [] },
        ),
        (message, wrong) => {
          const read = readClientMessage({ ...message, ...wrong })
          if (!read) return
          assert.deepEqual(Object.keys(read), Object.keys(message))
          assert.ok(JSON.stringify(read).length < 100_000)
          for (const value of Object.values(read)) assert.notEqual(value, null)
        },
      ),
    )
    for (const value of [null, 7, 'stopped', [], {}, { kind: '__proto__' }, { kind: 'goal' }])
      assert.equal(readClientMessage(value), undefined)
  })
})
