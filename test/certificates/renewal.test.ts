/** When a machine among several gets new certificates, and what it says when it does not (decisions/several-machines.md). */
import { deepEqual, equal, match } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { RenewRequest } from '../../src/fabric/contract/machines.ts'
import { version } from '../../src/kernel/version.ts'
import { placesOf } from '../../src/machine/building/data-directory.ts'
import { filesOfParty, partiesOf, requestsOf, writeCertificates } from '../../src/machine/building/machine-parties.ts'
import type { Asked } from '../../src/machine/building/others/ask-master.ts'
import { openRenewal } from '../../src/machine/building/others/renew-certificates.ts'
import { makeAuthority } from '../../src/machine/certificates/authority.ts'
import { certificateMarks } from '../../src/machine/certificates/fingerprint.ts'
import { signRequest } from '../../src/machine/certificates/sign-request.ts'
import type { JsonReply } from '../../src/machine/http/json-client.ts'

const withoutRoot = process.getuid?.() === 0 ? false : 'it needs root to mount a small disk'
const day = 86_400_000
const authority = makeAuthority('Reddog fabric')
const parties = partiesOf({ controller: false, member: false })

/** A machine that is a host alone, whose certificates were signed now. */
function machineIn(data: string) {
  const places = placesOf(data)
  mkdirSync(places.trust, { recursive: true })
  const machine = { name: 'm2', address: '10.9.0.2', number: 2, controller: false }
  const said: string[] = []
  let asked = 0
  let refusal: number | undefined
  const sign = (requests: RenewRequest['requests']) =>
    Object.fromEntries(
      requests.map(({ party, request }) => {
        const signed = signRequest(authority, request, { commonName: party, usage: 'both', hosts: [machine.address] })
        return [party, signed.ok ? signed.value.certificatePem : '']
      }),
    )
  writeCertificates(places, sign(requestsOf(places, parties)))
  async function ask<Value>({ body }: Asked): Promise<JsonReply<Value>> {
    asked++
    if (refusal !== undefined) return { ok: false, status: refusal, fault: { code: 'Refused', message: 'later' } }
    return { ok: true, status: 200, value: { certificates: sign((body as RenewRequest).requests) } as Value }
  }
  const renew = openRenewal(places, machine, ask, (line) => said.push(line))
  const fingerprints = () =>
    parties.map((party) => certificateMarks(readFileSync(filesOfParty(places, party).cert, 'utf8')).fingerprint)
  return {
    said,
    fingerprints,
    refuse(status: number) {
      refusal = status
    },
    /** How often it asked, when its clock and the master's are so much later than now; `known`: the certificates that the master knows. */
    async asksAfter(ownMs: number, mastersMs = ownMs, known = fingerprints()): Promise<number> {
      const before = asked
      const view = { ...machine, version, certificates: known }
      await renew({ master: 'm1', now: Date.now() + mastersMs, machines: [view] }, Date.now() + ownMs)
      return asked - before
    },
  }
}

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'renewal-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** So small that it is full at once. */
function smallDisk(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'renewal-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path])
  t.after(() => {
    execFileSync('umount', [path])
    rmdirSync(path)
  })
  return path
}

describe('a machine among several', () => {
  it('gets new certificates when the former are twenty days old, and once', async (t) => {
    const machine = machineIn(directory(t))
    const former = machine.fingerprints()
    equal(await machine.asksAfter(19.9 * day), 0)
    deepEqual(machine.fingerprints(), former)
    equal(await machine.asksAfter(20.1 * day), 1)
    for (const [at, fingerprint] of machine.fingerprints().entries()) equal(fingerprint === former[at], false)
    equal(await machine.asksAfter(20.1 * day), 0, 'it rests, although those were signed by another clock')
  })

  it('gets them at once when the master does not know one of those it has', async (t) => {
    const machine = machineIn(directory(t))
    equal(await machine.asksAfter(0, 0, machine.fingerprints().slice(1)), 1)
  })

  it('gets others when those it has were signed by a clock that was ahead', async (t) => {
    equal(await machineIn(directory(t)).asksAfter(-25 * day), 1)
  })

  it('rests when it was refused: the master may have made them all the same', async (t) => {
    const machine = machineIn(directory(t))
    machine.refuse(503)
    equal(await machine.asksAfter(21 * day), 1)
    equal(await machine.asksAfter(21 * day), 0)
  })

  it('gets others at once when the records are taken back by a restore', async (t) => {
    const machine = machineIn(directory(t))
    const former = machine.fingerprints()
    equal(await machine.asksAfter(21 * day), 1)
    equal(await machine.asksAfter(0), 0)
    equal(await machine.asksAfter(0, 0, former), 1)
  })

  it('gets none while its clock and the master’s differ by more than a day, and says so once', async (t) => {
    const machine = machineIn(directory(t))
    for (let look = 0; look < 3; look++) equal(await machine.asksAfter(25 * day, 0), 0)
    equal(machine.said.length, 1)
    match(
      machine.said[0] ?? '',
      /^The clock of m2 says \S+Z, that of the master m1 \S+Z: one of them is wrong\. Set it\./,
    )
    equal(await machine.asksAfter(21 * day), 1)
  })

  it('asks for none while its disk has no room for them: the master would believe those alone', {
    skip: withoutRoot,
  }, async (t) => {
    const data = smallDisk(t)
    const machine = machineIn(data)
    const former = machine.fingerprints()
    try {
      writeFileSync(join(data, 'full'), Buffer.alloc(2 ** 20))
    } catch {
      // As intended.
    }
    equal(await machine.asksAfter(21 * day), 0)
    deepEqual(machine.said.length, 1)
    match(
      machine.said[0] ?? '',
      /^New certificates of m2 could not be kept, and are asked for in an hour: the disk is full$/,
    )
    deepEqual(machine.fingerprints(), former)
  })
})
