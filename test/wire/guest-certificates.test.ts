/** A role's certificates on their whole way: sealed to the host, made a PFX, enveloped to the guest, opened there and written where a role finds them (wire-server.md 8). */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createSecureContext } from 'node:tls'
import { issueCertificate, makeAuthority, selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import { type KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { openerWith, sealerTo } from '../../src/machine/certificates/party-sealer.ts'
import { certificatesIn } from '../../src/machine/certificates/pfx.ts'
import { writePkcs12 } from '../../src/machine/certificates/pkcs12.ts'
import { openTransport } from '../../src/machine/certificates/transport.ts'
import { writeCertificates } from '../../src/machine/guest-os/certificate-store.ts'
import { sealCertificates } from '../../src/machine/wire-server/certificates.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-guest-certificates-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' }).toString()
const keyOf = ({ keyPem }: KeyAndCertificate) => createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
const derOf = ({ certificatePem }: KeyAndCertificate) => new X509Certificate(certificatePem).raw

const root = makeAuthority('A root')
const tls = issueCertificate(root, { commonName: 'shop', usage: 'server', hosts: ['shop.example'] })
const curve = (() => {
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=curve']
  openssl('req', '-x509', ...options, '-keyout', 'ec.key', '-out', 'ec.pem')
  const read = (name: string) => readFileSync(join(directory, name), 'utf8')
  return { certificatePem: read('ec.pem'), keyPem: read('ec.key') }
})()

/** What the role of these tests has: two with their keys, and who issued the first. */
const entries = [{ der: derOf(tls), key: keyOf(tls) }, { der: derOf(curve), key: keyOf(curve) }, { der: derOf(root) }]

describe('a key that is sealed to a host', () => {
  const [host, another] = [selfSignedCertificate('host:a'), selfSignedCertificate('host:b')]
  const sealed = sealerTo(host.certificatePem).seal(keyOf(tls), 'certificate shop/AA')

  it('is opened by it alone, and for its purpose alone', () => {
    assert.deepEqual(openerWith(host.keyPem).open(sealed, 'certificate shop/AA'), keyOf(tls))
    assert.throws(() => openerWith(host.keyPem).open(sealed, 'certificate shop/BB'))
    assert.throws(() => openerWith(another.keyPem).open(sealed, 'certificate shop/AA'))
  })

  it('shows nothing of itself, and looks different each time', () => {
    assert.notEqual(sealerTo(host.certificatePem).seal(keyOf(tls), 'certificate shop/AA'), sealed)
    assert.ok(!Buffer.from(sealed.split('.')[1] ?? '', 'base64').includes(keyOf(tls).subarray(-64)))
  })
})

describe('a PFX of a role', () => {
  it('is read by openssl, by Node and by ourselves: RSA and elliptic keys, and certificates without any', () => {
    const file = writePkcs12(entries)
    execFileSync('openssl', ['pkcs12', '-nodes', '-passin', 'pass:', '-out', join(directory, 'all.pem')], {
      input: file,
      stdio: 'pipe',
    })
    const all = readFileSync(join(directory, 'all.pem'), 'utf8')
    assert.equal(all.split('BEGIN CERTIFICATE').length - 1, 3)
    assert.equal(all.split('BEGIN PRIVATE KEY').length - 1, 2)
    createSecureContext({ pfx: Buffer.from(writePkcs12(entries.slice(0, 1))), passphrase: '' })
    const read = certificatesIn(file, '')
    assert.deepEqual(read.ok && read.value.map(({ der, key }) => [thumbprintOf(der), key?.toString('hex')]), [
      [thumbprintOf(derOf(tls)), keyOf(tls).toString('hex')],
      [thumbprintOf(derOf(curve)), keyOf(curve).toString('hex')],
      [thumbprintOf(derOf(root)), undefined],
    ])
  })

  it('may hold no key at all', () => {
    const read = certificatesIn(writePkcs12([{ der: derOf(root) }]), '')
    assert.deepEqual(read.ok && read.value.map(({ der, key }) => [thumbprintOf(der), key]), [
      [thumbprintOf(derOf(root)), undefined],
    ])
  })
})

describe('a transport key', () => {
  for (const cipher of ['AES128_CBC', 'DES_EDE3_CBC'])
    it(`opens what was enveloped to it with ${cipher}, and nobody else does`, async () => {
      const [own, others] = [openTransport('guest'), openTransport('another guest')]
      const sealing = await sealCertificates(writePkcs12(entries), own.certificate, cipher)
      assert.ok('data' in sealing)
      assert.deepEqual(
        own.open(sealing.data).map(({ der }) => thumbprintOf(der)),
        entries.map(({ der }) => thumbprintOf(der)),
      )
      assert.throws(() => others.open(sealing.data), /The certificates of the host agent cannot be opened/)
    })
})

describe('the certificates of a guest', () => {
  const store = join(directory, 'Certificates')
  const wanted = (...names: ('Tls' | 'Curve')[]) =>
    names.map((name) => {
      const thumbprint = thumbprintOf(derOf(name === 'Tls' ? tls : curve))
      return { name, thumbprint, byThumbprint: `LocalMachine/My/${thumbprint}`, byName: name }
    })
  const index = (text: string) => ({ name: 'index.json', text })

  it('lie by name and by thumbprint, with their chain, keys for their owner alone', () => {
    writeCertificates(store, entries, { wanted: wanted('Tls', 'Curve'), index: index('both') })
    const print = thumbprintOf(derOf(tls))
    for (const base of ['Tls', `LocalMachine/My/${print}`]) {
      const read = (ending: string) => readFileSync(join(store, base + ending), 'utf8')
      assert.equal(
        read('.pem'),
        String(new X509Certificate(tls.certificatePem)) + new X509Certificate(root.certificatePem),
      )
      assert.deepEqual(createPrivateKey(read('.key')).export({ type: 'pkcs8', format: 'der' }), keyOf(tls))
      assert.equal(statSync(join(store, `${base}.key`)).mode & 0o777, 0o600)
      assert.equal(statSync(join(store, `${base}.pfx`)).mode & 0o777, 0o600)
    }
    assert.match(openssl('verify', '-CAfile', 'Certificates/Tls.pem', '-partial_chain', 'Certificates/Tls.pem'), /OK/)
    createSecureContext({ pfx: readFileSync(join(store, 'Tls.pfx')), passphrase: '' })
  })

  it('go when they are not wanted any more, and a half of an installation stands nobody in the way', () => {
    mkdirSync(`${store}.new/left`, { recursive: true })
    mkdirSync(`${store}.old/left`, { recursive: true })
    writeCertificates(store, entries, { wanted: wanted('Curve'), index: index('one') })
    assert.deepEqual(readdirSync(store).sort(), ['Curve.key', 'Curve.pem', 'Curve.pfx', 'LocalMachine', 'index.json'])
    assert.deepEqual(
      readdirSync(join(store, 'LocalMachine/My')).filter((name) => !name.startsWith(thumbprintOf(derOf(curve)))),
      [],
    )
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith('Certificates')),
      ['Certificates'],
    )
  })

  it('stay as they are when one of the new ones is missing', () => {
    const absent = { name: 'Gone', thumbprint: 'AA', byThumbprint: 'LocalMachine/My/AA', byName: 'Gone' }
    assert.throws(
      () => writeCertificates(store, entries, { wanted: [absent], index: index('none') }),
      /The certificate Gone \(AA\) is not among those that the host agent gives/,
    )
    assert.equal(readFileSync(join(store, 'index.json'), 'utf8'), 'one')
  })
})
