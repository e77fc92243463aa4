/** Which addresses a package may come from (B-1, B-4). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { blobUrlFault } from '../../src/fabric/controller/packages/package-url.ts'

const permitted = [
  '127.5.0.4:10000',
  'Blobs.Example',
  '*.blob.example',
  '*.local:10000',
  '[::1]:10000',
  '[2001:db8::5]',
] as const

for (const [address, may] of [
  ['http://127.5.0.4:10000/acct/packages/shop.cspkg', true],
  ['http://127.5.0.4:10001/acct/packages/shop.cspkg', false],
  ['http://127.5.0.4/acct/packages/shop.cspkg', false],
  ['https://blobs.example/packages/shop.cspkg', true],
  ['https://BLOBS.example:443/packages/shop.cspkg', true],
  ['https://blobs.example:8443/packages/shop.cspkg', false],
  ['https://acct.blob.example/packages/shop.cspkg?sig=x', true],
  ['http://a.b.blob.example/packages/shop.cspkg', true],
  ['https://blob.example/packages/shop.cspkg', false],
  ['https://acct.blob.example.evil/packages/shop.cspkg', false],
  ['https://evilblob.example/packages/shop.cspkg', false],
  ['https://acct.blob.example:22/packages/shop.cspkg', false],
  ['http://acct.local:10000/packages/shop.cspkg', true],
  ['http://acct.local/packages/shop.cspkg', false],
  ['https://user@blobs.example/packages/shop.cspkg', false],
  ['http://[::1]:10000/acct/packages/shop.cspkg', true],
  ['http://[0:0:0:0:0:0:0:1]:10000/acct/packages/shop.cspkg', true],
  ['http://[::1]:10001/acct/packages/shop.cspkg', false],
  ['http://[::1]/acct/packages/shop.cspkg', false],
  ['http://[::2]:10000/acct/packages/shop.cspkg', false],
  ['https://[2001:db8::5]/packages/shop.cspkg', true],
  ['https://[2001:db8::5]:22/packages/shop.cspkg', false],
  ['ftp://blobs.example/packages/shop.cspkg', false],
  ['file:///etc/passwd', false],
  ['\\\\blobs.example\\share\\shop.cspkg', false],
] as const)
  it(`${address} ${may ? 'may' : 'must not'} be read`, () => {
    const fault = blobUrlFault('package', address, permitted)
    assert.equal(fault === undefined, may, fault?.message)
    if (fault) assert.equal(fault.code, 'BadRequest')
  })

it('a port that is the one of the scheme may be left out of the address', () => {
  for (const [address, host] of [
    ['https://blobs.example/p', 'blobs.example:443'],
    ['http://blobs.example/p', 'blobs.example:80'],
    ['http://blobs.example:80/p', 'blobs.example'],
  ] as const)
    assert.equal(blobUrlFault('package', address, [host]), undefined)
  assert.ok(blobUrlFault('package', 'http://blobs.example/p', ['blobs.example:443']))
})
