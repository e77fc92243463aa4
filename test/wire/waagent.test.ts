/** Conformance 1 of docs/spec/wire-server.md 16: an unmodified public guest agent lives on the wire server. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, it } from 'node:test'
import type { GuestDocuments } from '../../src/guest/contract/guest-documents.ts'
import { serveHostPlugin } from '../../src/machine/wire-server/wire-server.ts'
import { containerId, deploymentId } from '../host/goals.ts'
import { wireSetting } from './wire-setting.ts'

/** An address of its own, since the agent dials ports 80 and 32526. */
const address = '127.201.7.9'

const directory = mkdtempSync(join(tmpdir(), 'reddog-waagent-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** Why the test cannot run here; false when it can. */
function missing(): string | false {
  if (process.getuid?.() !== 0) return 'only root may listen on port 80'
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import azurelinuxagent'], { stdio: 'ignore' })
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
  } catch {
    return 'Debian’s waagent or openssl is not installed'
  }
  return false
}

/** A PFX with an empty password, and the thumbprint of its certificate. */
function makePfx(): { readonly pfx: Uint8Array; readonly thumbprint: string; readonly key: string } {
  const file = (name: string) => join(directory, name)
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=role', '-keyout', file('k'), '-out', file('c'))
  const algorithms = ['-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC']
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    file('k'),
    '-in',
    file('c'),
    '-passout',
    'pass:',
    ...algorithms,
    '-out',
    file('p'),
  )
  const print = openssl('x509', '-in', file('c'), '-noout', '-fingerprint', '-sha1')
  return {
    pfx: readFileSync(file('p')),
    thumbprint: print.trim().split('=')[1]?.replaceAll(':', '') ?? '',
    key: readFileSync(file('k'), 'utf8'),
  }
}

/** The documents of a role that has certificates. */
function withCertificates(documents: GuestDocuments, pfx: Uint8Array): GuestDocuments {
  const { incarnation, instanceId } = documents
  return {
    ...documents,
    pfx,
    goalState: (base) =>
      documents
        .goalState(base)
        .replace(
          '<ConfigName>',
          `<Certificates>${base}/machine/${containerId}/${instanceId}?comp=certificates&amp;incarnation=${incarnation}</Certificates><ConfigName>`,
        ),
  }
}

describe('waagent', { skip: missing() }, () => {
  it('finds its documents, opens its certificate, reports, and sees a new incarnation', async () => {
    const { pfx, thumbprint, key } = makePfx()
    const setting = await wireSetting({
      address,
      port: 80,
      around: (desk) => ({
        ...desk,
        documents() {
          const documents = desk.documents()
          return documents && withCertificates(documents, pfx)
        },
      }),
    })
    const plugin = await serveHostPlugin(address)
    const agent = spawn('/usr/bin/python3', [join(import.meta.dirname, 'waagent-client.py'), address, directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    try {
      const lines = createInterface({ input: agent.stdout })[Symbol.asyncIterator]()
      // It logs to the same stream.
      const next = async (): Promise<unknown> => {
        for (;;) {
          const { value, done } = await lines.next()
          if (done) throw new Error('waagent ended early')
          if (value.startsWith('{')) return JSON.parse(value)
        }
      }
      assert.deepEqual(await next(), {
        incarnation: '1',
        instance: 'Worker_IN_0',
        role: 'Worker',
        deployment: deploymentId,
        certificates: [thumbprint],
      })
      assert.ok(readdirSync(directory).includes(`${thumbprint}.crt`))
      assert.equal(execFileSync('openssl', ['pkey', '-in', join(directory, `${thumbprint}.prv`)]).toString(), key)
      assert.deepEqual(await next(), { reported: 'NotReady' })
      assert.deepEqual(await next(), { reported: 'Ready' })
      const { health } = setting.state().containers.get(containerId) ?? {}
      assert.deepEqual([health?.state, health?.revision], ['Ready', 1])
      await setting.setGuest({ settings: { Queue: 'orders' } })
      agent.stdin.end('\n')
      assert.deepEqual(await next(), { incarnation: '2' })
    } finally {
      agent.kill('SIGKILL')
      await Promise.all([setting.close(), plugin.close()])
    }
  })
})
