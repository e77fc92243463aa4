/** What users trust the fabric with: PFX files of every maker, and the seal under which secrets are kept. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readPfx } from '../../src/machine/certificates/pfx.ts'
import { newFabricKey, openSealer } from '../../src/machine/certificates/sealer.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-secrets-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })

const keyKinds = { rsa: ['rsa:2048'], ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] }
for (const [name, kind] of Object.entries(keyKinds))
  openssl(
    'req',
    '-x509',
    '-newkey',
    ...kind,
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-subj',
    `/CN=${name}`,
  )

const envelopes = {
  'AES with SHA-256': [],
  '3DES with SHA-1': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  'RC2 with SHA-1': ['-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1'],
}

function pfxOf(name: string, password: string, ...options: readonly string[]): Buffer {
  const passout = ['-passout', `pass:${password}`]
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    `${name}.key`,
    '-in',
    `${name}.pem`,
    '-out',
    'file.pfx',
    ...passout,
    ...options,
  )
  return readFileSync(join(directory, 'file.pfx'))
}

for (const [envelope, options] of Object.entries(envelopes))
  for (const name of Object.keys(keyKinds))
    for (const password of ['secret', '', 'Grün €'])
      test(`A PFX file under ${envelope} with an ${name} key and the password "${password}" is read (K-1)`, () => {
        const read = readPfx(pfxOf(name, password, ...options), password)
        assert.ok(read.ok, JSON.stringify(read))
        const [found] = read.value
        const certificate = new X509Certificate(found?.der ?? Buffer.of())
        assert.equal(
          certificate.fingerprint,
          new X509Certificate(readFileSync(join(directory, `${name}.pem`))).fingerprint,
        )
        const key = createPrivateKey({ key: found?.key ?? Buffer.of(), format: 'der', type: 'pkcs8' })
        assert.ok(certificate.checkPrivateKey(key))
      })

test('All certificates of a file are read; the key goes with its own (K-1)', () => {
  const read = readPfx(pfxOf('ec', 'x', '-certfile', 'rsa.pem'), 'x')
  assert.ok(read.ok)
  const names = read.value.map(({ der, key }) => [new X509Certificate(der).subject, key !== undefined] as const)
  assert.deepEqual(Object.fromEntries(names), { 'CN=ec': true, 'CN=rsa': false })
})

const good = pfxOf('rsa', 'secret')
openssl('pkcs12', '-export', '-nokeys', '-in', 'rsa.pem', '-out', 'nokey.pfx', '-passout', 'pass:secret')
const endless = pfxOf('rsa', 'secret', '-iter', '1000001')
/** For the whole, the certificate and the key each; the last two are asked for behind the first. */
const endlessInAll = pfxOf('rsa', 'secret', '-iter', '400000')
const names = Array.from({ length: 101 }, () => readFileSync(join(directory, 'ec.pem'), 'utf8'))
writeFileSync(join(directory, 'many.pem'), names.join(''))
const many = pfxOf('rsa', 'secret', '-certfile', 'many.pem')
for (const [what, file, password, message] of [
  ['a wrong password', good, 'other', /cannot be opened with the given password/],
  ['a wrong password beyond ASCII', good, 'sécret', /cannot be opened with the given password/],
  ['no password', good, '', /cannot be opened with the given password/],
  ['something else', Buffer.from('hello'), 'secret', /not a readable PFX file/],
  ['nothing', Buffer.of(), 'secret', /not a readable PFX file/],
  ['a file that was cut', good.subarray(0, good.length / 2), 'secret', /not a readable PFX file/],
  ['no private key', readFileSync(join(directory, 'nokey.pfx')), 'secret', /no certificate with its private key/],
  ['work for minutes', endless, 'secret', /more than 1000000 rounds of key derivation/],
  ['work for minutes in all', endlessInAll, 'secret', /more than 1000000 rounds of key derivation/],
  ['certificates without end', many, 'secret', /holds 103 certificates and keys, of which 100 are read/],
] as const)
  test(`A PFX file with ${what} is refused (K-1)`, () => {
    const read = readPfx(file, password)
    assert.equal(read.ok, false)
    assert.equal(read.fault.code, 'BadRequest')
    assert.match(read.fault.message, message)
  })

const keyFile = join(directory, 'fabric.key')
writeFileSync(keyFile, newFabricKey())

test('A secret is opened with the key of the fabric, for its own purpose, unchanged; and never looks the same (design.md 8)', () => {
  const sealer = openSealer(keyFile)
  const secret = Buffer.from('the private key')
  const sealed = sealer.seal(secret, 'certificate shop/AB')
  assert.deepEqual(openSealer(keyFile).open(sealed, 'certificate shop/AB'), secret)
  assert.notEqual(sealer.seal(secret, 'certificate shop/AB'), sealed)
  assert.ok(!Buffer.from(sealed, 'base64').includes(secret))
  assert.throws(() => sealer.open(sealed, 'certificate shop/CD'))
  const changed = Buffer.from(sealed, 'base64')
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1)
  assert.throws(() => sealer.open(changed.toString('base64'), 'certificate shop/AB'))
  const other = join(directory, 'other.key')
  writeFileSync(other, newFabricKey())
  assert.throws(() => openSealer(other).open(sealed, 'certificate shop/AB'))
})

test('A key file that holds no key is refused in a sentence', () => {
  const broken = join(directory, 'broken.key')
  writeFileSync(broken, 'hello')
  assert.throws(() => openSealer(broken), /fabric key file .*broken\.key does not hold 64 hexadecimal digits/)
})
