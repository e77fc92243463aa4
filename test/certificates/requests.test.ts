/** Requests for certificates, and what becomes of them; judged by openssl. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { makeCertificateRequest, readCertificateRequest } from '../../src/machine/certificates/certificate-request.ts'
import { certificateMarks } from '../../src/machine/certificates/fingerprint.ts'
import { revocationList } from '../../src/machine/certificates/revocation-list.ts'
import { signRequest } from '../../src/machine/certificates/sign-request.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-requests-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const authority = makeAuthority('Reddog test')
const authorityFile = fileOf('authority.pem', authority.certificatePem)

test('A request is one for openssl, and signed by its key', () => {
  const file = fileOf('own.csr', makeCertificateRequest('m1').requestPem)
  assert.match(openssl('req', '-in', file, '-noout', '-verify', '-subject'), /CN ?= ?m1/)
})

test('A request of openssl becomes a certificate in which only its key is its own: name, addresses and purpose are ours', () => {
  const request = requestOf('theirs', '-newkey', 'rsa:3072', '-addext', 'subjectAltName=DNS:controller')
  const signed = signRequest(authority, request, { commonName: 'host:m2', usage: 'both', hosts: ['10.9.0.2'] })
  assert.ok(signed.ok)
  const file = fileOf('theirs.pem', signed.value.certificatePem)
  for (const purpose of ['sslclient', 'sslserver'])
    assert.match(openssl('verify', '-CAfile', authorityFile, '-purpose', purpose, file), /OK/)
  const text = openssl('x509', '-in', file, '-noout', '-subject', '-ext', 'subjectAltName,basicConstraints')
  assert.match(text, /CN ?= ?host:m2/)
  assert.match(text, /IP Address:10\.9\.0\.2/)
  assert.match(text, /CA:FALSE/)
  assert.doesNotMatch(text, /DNS:controller/)
  assert.equal(openssl('x509', '-in', file, '-noout', '-pubkey'), openssl('pkey', '-in', keyOf('theirs'), '-pubout'))
  const year = 365 * 86_400
  assert.match(openssl('x509', '-in', file, '-noout', '-checkend', String(year - 60)), /will not expire/)
  assert.match(failing('x509', '-in', file, '-noout', '-checkend', String(year + 60)), /will expire/)
  assert.equal(
    openssl('x509', '-in', file, '-noout', '-fingerprint', '-sha256').trim().replaceAll(':', '').split('=')[1],
    signed.value.fingerprint.toUpperCase(),
  )
})

test('Weak keys, keys of another kind, other signatures and what is no request are refused', () => {
  const cases: readonly (readonly [request: string, message: RegExp])[] = [
    [requestOf('short', '-newkey', 'rsa:1024'), /has 1024 bits/],
    [requestOf('small', '-newkey', 'rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3'), /exponent is not 65537/],
    [requestOf('curve', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'), /no certificate request/],
    [requestOf('sha1', '-newkey', 'rsa:2048', '-sha1'), /not signed by its own key/],
    [forged(), /not signed by its own key/],
    ['', /no certificate request/],
    ['-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n', /no certificate request/],
    [authority.certificatePem, /no certificate request/],
    ['x'.repeat(100_000), /no certificate request/],
  ]
  for (const [request, message] of cases) {
    const read = readCertificateRequest(request)
    assert.ok(!read.ok && read.fault.code === 'BadRequest')
    assert.match(read.fault.message, message)
  }
})

test('A list of revoked certificates is one for openssl: who stands on it is refused, others are not', () => {
  const kept = issueCertificate(authority, { commonName: 'etcd:a', usage: 'both' })
  const gone = issueCertificate(authority, { commonName: 'etcd:b', usage: 'both' })
  const now = new Date()
  const until = { thisUpdate: now, nextUpdate: new Date(now.getTime() + 86_400_000) }
  const revoked = [{ serial: certificateMarks(gone.certificatePem).serial, at: now }]
  const list = fileOf('revoked.pem', revocationList(authority, revoked, until))
  const check = ['verify', '-crl_check', '-CAfile', authorityFile, '-CRLfile', list] as const
  assert.match(openssl(...check, fileOf('kept.pem', kept.certificatePem)), /OK/)
  assert.match(failing(...check, fileOf('gone.pem', gone.certificatePem)), /certificate revoked/)
  const empty = fileOf('empty.pem', revocationList(authority, [], until))
  assert.match(openssl('crl', '-in', empty, '-noout', '-text'), /No Revoked Certificates/)
})

/** A request whose key was replaced by another of the same size after it was signed. */
function forged(): string {
  const [one = '', other = ''] = ['a', 'b'].map((name) =>
    derOf(makeCertificateRequest(name).requestPem).toString('hex'),
  )
  const keyIn = (der: string) => /3082010a0282010100([0-9a-f]{512})/.exec(der)?.[1] ?? ''
  const body = Buffer.from(one.replace(keyIn(one), keyIn(other)), 'hex').toString('base64')
  return `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
}

function requestOf(name: string, ...how: readonly string[]): string {
  const out = join(directory, `${name}.csr`)
  openssl('req', '-new', '-nodes', '-subj', '/CN=controller', '-keyout', keyOf(name), '-out', out, ...how)
  return readFileSync(out, 'utf8')
}

function keyOf(name: string): string {
  return join(directory, `${name}.key`)
}

function fileOf(name: string, text: string): string {
  const file = join(directory, name)
  writeFileSync(file, text)
  return file
}

function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' })
}

function failing(...words: readonly string[]): string {
  try {
    openssl(...words)
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    return stdout + stderr
  }
  return assert.fail(`openssl ${words.join(' ')} did not fail`)
}
