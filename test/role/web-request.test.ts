import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type RequestFacts, readRequestFacts, writeRequestFacts } from '../../src/role/contract/web-request.ts'

const facts: RequestFacts = {
  site: 1,
  remote: { address: '2001:db8::7', port: 40_000 },
  local: { address: '10.0.0.4', port: 80 },
  isSecure: true,
  protocol: 'HTTP/2.0',
}
const text = writeRequestFacts(facts)

describe('what the listener tells w3wp of a request', () => {
  it('is read as it was written', () => assert.deepEqual(readRequestFacts(text), facts))

  it('is read when the client has gone and has no address any more', () => {
    const gone = { ...facts, remote: { address: '', port: 0 } }
    assert.deepEqual(readRequestFacts(writeRequestFacts(gone)), gone)
  })

  for (const other of [
    '',
    'a b c d e f g',
    '__proto__',
    `${text}, ${text}`,
    `${text} x`,
    ` ${text}`,
    text.replace('on', 'yes'),
    text.replace('1', '-1'),
  ])
    it(`is not "${other}": such a request came from somebody else`, () =>
      assert.equal(readRequestFacts(other), undefined))
})
