import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import forge from 'node-forge'
import { issueCertificate, makeAuthority, selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate, publicKeyOf, thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import { readPublishSettings, writePublishSettings } from '../../src/machine/certificates/publish-settings.ts'

const management = selfSignedCertificate('Reddog & management')

test('A certificate of the authority says who it is for, where it serves, and for what', () => {
  const authority = makeAuthority('fabric')
  const hosts = ['localhost', '127.0.0.1', '::1']
  const issued = issueCertificate(authority, { commonName: 'controller', usage: 'server', hosts })
  const certificate = new X509Certificate(issued.certificatePem)
  assert.ok(certificate.checkIssued(new X509Certificate(authority.certificatePem)))
  assert.ok(certificate.verify(new X509Certificate(authority.certificatePem).publicKey))
  assert.ok(certificate.checkPrivateKey(createPrivateKey(issued.keyPem)))
  assert.equal(certificate.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.equal(certificate.ca, false)
  assert.equal(parseCertificate(issued.certificatePem)?.commonName, 'controller')
})

test('A thumbprint is the SHA-1 of the DER in upper-case hexadecimal digits (R-3)', () => {
  const certificate = parseCertificate(management.certificatePem)
  const known = new X509Certificate(management.certificatePem).fingerprint.replaceAll(':', '')
  assert.equal(certificate?.thumbprint, known)
  assert.equal(thumbprintOf(certificate?.der ?? Buffer.of()), known)
})

test('What is no certificate is none', () => {
  assert.equal(parseCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'), undefined)
  assert.equal(parseCertificate(Buffer.from('hello')), undefined)
  assert.equal(publicKeyOf(Buffer.from('hello')), undefined)
})

test('Publish settings carry the subscription, its address and the key pair (S-8)', () => {
  const settings = { subscriptionId: 'aa', name: 'A & B', managementUrl: 'https://localhost:8443', ...management }
  const [read] = readPublishSettings(writePublishSettings(settings))
  assert.equal(read?.subscriptionId, 'aa')
  assert.equal(read?.name, 'A & B')
  assert.equal(read?.managementUrl, 'https://localhost:8443')
  const certificate = new X509Certificate(read?.certificatePem ?? '')
  assert.equal(certificate.fingerprint, new X509Certificate(management.certificatePem).fingerprint)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(read?.keyPem ?? '')))
})

test('The file inside is one that old readers know: 3DES bags, a SHA-1 MAC, and keys from zero password bytes (S-8)', () => {
  const text = writePublishSettings({ subscriptionId: 'aa', name: '', managementUrl: 'https://h', ...management })
  const der = forge.util.decode64(/ManagementCertificate="([^"]+)"/.exec(text)?.[1] ?? '')
  const file = forge.asn1.fromDer(der)
  const threeDes = forge.asn1.oidToDer('1.2.840.113549.1.12.1.3').getBytes()
  assert.equal(der.split(threeDes).length - 1, 2, 'certificate and key are both sealed with it')
  const nothing = undefined as unknown as string
  const opened = forge.pkcs12.pkcs12FromAsn1(file, nothing)
  assert.deepEqual(
    opened.safeContents.map(({ encrypted }) => encrypted),
    [true, false],
  )
  assert.equal(opened.safeContents[1]?.safeBags[0]?.type, forge.pki.oids['pkcs8ShroudedKeyBag'])
  assert.throws(() => forge.pkcs12.pkcs12FromAsn1(file, ''), /MAC could not be verified/)
})

test('Publish settings of schema version 1.0, and files sealed with an empty string, are read too', () => {
  const file = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(management.keyPem),
    forge.pki.certificateFromPem(management.certificatePem),
    '',
    { algorithm: '3des' },
  )
  const certificate = forge.util.encode64(forge.asn1.toDer(file).getBytes())
  const text = `<PublishData><PublishProfile PublishMethod="AzureServiceManagementAPI" Url="https://h/" ManagementCertificate="${certificate}"><Subscription Id="a" Name="n"/></PublishProfile></PublishData>`
  const [read] = readPublishSettings(text)
  assert.equal(read?.managementUrl, 'https://h')
  assert.ok(read?.keyPem)
})

test('A file that is no publish settings says what is missing', () => {
  assert.throws(() => readPublishSettings('<PublishData/>'), /name no Subscription/)
  assert.throws(
    () => readPublishSettings('<PublishData><PublishProfile><Subscription Id="a"/></PublishProfile></PublishData>'),
    /no Id, address or ManagementCertificate/,
  )
})
