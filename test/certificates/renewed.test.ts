import { deepEqual, match, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { writeWhole } from '../../src/machine/building/write-whole.ts'
import { makeAuthority } from '../../src/machine/certificates/authority.ts'
import { makeCertificateRequest } from '../../src/machine/certificates/certificate-request.ts'
import { signRequest } from '../../src/machine/certificates/sign-request.ts'
import { openJsonClient } from '../../src/machine/http/json-client.ts'
import { serveJson } from '../../src/machine/http/serve-json.ts'
import { followTls, readTls, type TlsFiles } from '../../src/machine/http/tls.ts'
import { until } from '../until.ts'

const authority = makeAuthority('fabric')
const timeoutMs = 10_000

/** A party whose certificate can be renewed for the same key, as `up` does it. */
function party(directory: string, commonName: string) {
  const { requestPem, keyPem } = makeCertificateRequest(commonName)
  const files: TlsFiles = {
    ca: join(directory, 'authority.pem'),
    cert: join(directory, `${commonName}.pem`),
    key: join(directory, `${commonName}.key`),
  }
  writeFileSync(files.ca, authority.certificatePem)
  writeFileSync(files.key, keyPem, { mode: 0o600 })
  return {
    files,
    /** The fingerprint of the new certificate. */
    renew(): string {
      const signed = signRequest(authority, requestPem, { commonName, usage: 'both', hosts: ['127.0.0.1'] })
      ok(signed.ok)
      writeWhole(files.cert, signed.value.certificatePem, 0o644)
      return signed.value.fingerprint
    },
  }
}

async function house(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'renewed-'))
  const serverSide = party(directory, 'controller')
  const clientSide = party(directory, 'machine-m1')
  serverSide.renew()
  clientSide.renew()
  const server = await serveJson({
    address: '127.0.0.1',
    port: 0,
    tls: readTls(serverSide.files),
    routes: [
      {
        method: 'GET',
        path: '/whoami',
        allows: () => true,
        handle: async ({ certificate }) => ({ json: certificate() }),
      },
    ],
    log: { info() {}, warn() {}, error() {} },
  })
  const client = openJsonClient(readTls(clientSide.files), 'controller')
  const ends = [followTls(serverSide.files, server.renew, 20), followTls(clientSide.files, client.renew, 20)]
  t.after(async () => {
    for (const end of ends) end()
    client.close()
    await server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const url = `https://127.0.0.1:${server.port}/whoami`
  return { serverSide, clientSide, client, url }
}

describe('certificates of a machine that are renewed', () => {
  it('are taken over by servers and clients that run, and no request is lost', async (t) => {
    const { serverSide, clientSide, client, url } = await house(t)
    const replies: boolean[] = []
    const seen = new Set<string>()
    const ask = async () => {
      const reply = await client.request<string>({ url, timeoutMs })
      replies.push(reply.ok)
      if (reply.ok) seen.add(reply.value)
    }
    await ask()
    serverSide.renew()
    clientSide.renew()
    await until(async () => {
      await Promise.all([ask(), ask(), ask()])
      return seen.size === 2
    }, 'the client shows its new certificate')
    deepEqual(new Set(replies), new Set([true]))
  })
})

describe('a client that is to talk to the controller alone', () => {
  it('talks to nobody else whom the authority knows', async (t) => {
    const { clientSide, url } = await house(t)
    const client = openJsonClient(readTls(clientSide.files), 'front-end')
    t.after(() => client.close())
    const reply = await client.request({ url, timeoutMs })
    match(reply.ok ? '' : reply.fault.message, /there is controller where front-end was expected/)
  })
})
