/** Certificates as the portal's pages read them, held against OpenSSL's reading. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { rootCertificates } from 'node:tls'
import * as fc from 'fast-check'
import { derOf, formatOf, thumbprintOf } from '../../src/client/portal/browser/certificates/certificate-file.ts'
import { readCertificate } from '../../src/client/portal/browser/certificates/read-certificate.ts'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'

const own = selfSignedCertificate('Reddog management').certificatePem

describe('a certificate', () => {
  it('is read as OpenSSL reads it: subject, issuer, end', () => {
    for (const pem of [own, ...rootCertificates]) {
      const { raw, subject, issuer, validToDate } = new X509Certificate(pem)
      const facts = readCertificate(new Uint8Array(raw))
      assert.ok(facts, subject)
      assert.equal(facts.validUntil, validToDate.getTime(), subject)
      const named = (text: string) => text.split(', ').filter((part) => /^(CN|O|OU|C|L|ST)=/.test(part))
      for (const part of named(subject.replaceAll('\n', ', ')))
        assert.ok(
          facts.subject.includes(part.split('=')[1]?.split('+')[0]?.replaceAll('\\', '') ?? ''),
          `${part} in ${facts.subject}`,
        )
      assert.equal(issuer === subject, facts.issuer === facts.subject, subject)
    }
  })

  it('is none when something is cut off, or is something else, and says so without a failure', () => {
    const der = new Uint8Array(new X509Certificate(own).raw)
    for (let length = 0; length < der.length; length += 1)
      assert.equal(readCertificate(der.subarray(0, length)), undefined, String(length))
    assert.equal(readCertificate(readFileSync(import.meta.filename)), undefined)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readCertificate(bytes) === undefined))
    const place = fc.record({ at: fc.nat(der.length - 1), byte: fc.integer({ min: 0, max: 255 }) })
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (places) => {
        const changed = der.slice()
        for (const { at, byte } of places) changed[at] = byte
        readCertificate(changed)
      }),
    )
  })

  it('is found in a file, DER or PEM, and named as the API names it (K-2)', async () => {
    const { raw, fingerprint } = new X509Certificate(own)
    for (const file of [raw, Buffer.from(own), Buffer.from(`Bag Attributes\r\n${own}`)]) {
      const der = derOf(new Uint8Array(file))
      assert.ok(der)
      assert.equal(await thumbprintOf(der), fingerprint.replaceAll(':', ''))
    }
    assert.equal(derOf(Buffer.from('no certificate')), undefined)
  })

  it('is sent with its key from a .pfx, without from any other file (K-1)', () => {
    assert.deepEqual(['a.PFX', 'b.p12', 'c.cer', 'd'].map(formatOf), ['pfx', 'pfx', 'cer', 'cer'])
  })
})
