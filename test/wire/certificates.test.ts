/** Certificates on their way into a guest (wire-server.md 8): only the guest that asked can open them. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import { sealCertificates } from '../../src/machine/wire-server/certificates.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-certificates-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const content = new Uint8Array([0, 1, 2, 255, 254, 10, 13])
const guest = selfSignedCertificate('guest')
const transport = parseCertificate(guest.certificatePem)?.der.toString('base64')

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
}

function hasOpenssl(): boolean {
  try {
    return openssl('version') !== ''
  } catch {
    return false
  }
}

/** The DER of the envelope, opened by another implementation than ours. */
function opened(data: string): Uint8Array {
  const file = (name: string, text: string | Buffer) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const envelope = file('envelope', Buffer.from(data, 'base64'))
  const args = ['-recip', file('cert', guest.certificatePem), '-inkey', file('key', guest.keyPem)]
  openssl('cms', '-decrypt', '-binary', '-inform', 'DER', '-in', envelope, ...args, '-out', join(directory, 'plain'))
  return new Uint8Array(readFileSync(join(directory, 'plain')))
}

describe('certificates for a guest', () => {
  for (const cipher of [undefined, 'AES128_CBC', 'DES_EDE3_CBC'])
    it(`are opened with its key, by ${cipher ?? 'the default cipher'}`, {
      skip: !hasOpenssl() && 'openssl is not installed',
    }, async () => {
      const sealing = await sealCertificates(content, transport, cipher)
      assert.deepEqual(opened('data' in sealing ? sealing.data : ''), content)
    })

  it('are refused to a guest whose key is not RSA', { skip: !hasOpenssl() && 'openssl is not installed' }, async () => {
    const key = join(directory, 'ec.key')
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const pem = openssl('req', '-x509', ...curve, '-nodes', '-subj', '/CN=guest', '-keyout', key)
    const elliptic = parseCertificate(pem)?.der.toString('base64')
    assert.match(JSON.stringify(await sealCertificates(content, elliptic)), /is no certificate in base64 of an RSA key/)
  })

  for (const [what, ...kind] of [
    ['of another size than is usual', 'rsa:1024'],
    ['of another exponent', 'rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3'],
  ] as const)
    it(`are refused to a guest whose RSA key is ${what}: to reckon with it could take minutes`, {
      skip: !hasOpenssl() && 'openssl is not installed',
    }, async () => {
      const key = join(directory, 'odd.key')
      const pem = openssl('req', '-x509', '-newkey', ...kind, '-nodes', '-subj', '/CN=guest', '-keyout', key)
      const odd = parseCertificate(pem)?.der.toString('base64')
      assert.match(
        JSON.stringify(await sealCertificates(content, odd)),
        /RSA key of 2048 to 4096 bits and the exponent 65537/,
      )
    })

  it('are refused for another cipher, and without a certificate to encrypt to', async () => {
    assert.match(JSON.stringify(await sealCertificates(content, transport, 'RC2')), /cipher RC2 is not known/)
    for (const none of [undefined, '', 'AAAA', '!'])
      assert.match(JSON.stringify(await sealCertificates(content, none)), /transport certificate is missing/)
  })
})
