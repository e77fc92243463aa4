/** Conformance 1 of docs/spec/wire-server.md 16: an unmodified public guest agent lives on the wire server. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, it } from 'node:test'
import type { Certificate } from '../../src/host/contract/goal.ts'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { sealerTo } from '../../src/machine/certificates/party-sealer.ts'
import { pfxMaker } from '../../src/machine/host/open-certificates.ts'
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

/** A certificate as a goal has it, its key sealed to the host, and that key. */
function makeCertificate(host: KeyAndCertificate): { readonly certificate: Certificate; readonly key: string } {
  const { certificatePem, keyPem } = selfSignedCertificate('role')
  const { raw } = new X509Certificate(certificatePem)
  const key = createPrivateKey(keyPem)
  const purpose = `certificate shop/${thumbprintOf(raw)}`
  const sealed = sealerTo(host.certificatePem).seal(key.export({ type: 'pkcs8', format: 'der' }), purpose)
  return {
    certificate: { thumbprint: thumbprintOf(raw), data: raw.toString('base64'), key: { sealed, purpose } },
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
  }
}

describe('waagent', { skip: missing() }, () => {
  it('finds its documents, opens its certificate, reports, and sees a new incarnation', async () => {
    const host = selfSignedCertificate('host:a')
    const { certificate, key } = makeCertificate(host)
    const { thumbprint } = certificate
    const pfxOf = pfxMaker(host.keyPem)
    const setting = await wireSetting({ address, port: 80, certificates: [certificate], pfxOf })
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
