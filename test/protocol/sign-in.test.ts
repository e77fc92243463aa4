/** Clients of other makes pick their certificate by the authorities that the server names in the handshake: ours names none. */
import assert from 'node:assert/strict'
import { type ExecFileException, execFile } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startFrontEnd, subscriptionId } from './front-end-process.ts'

const house = await startFrontEnd({ after }, { views: {}, commands: [] })
const directory = mkdtempSync(join(tmpdir(), 'reddog-sign-in-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const file = (name: string, content: string) => {
  writeFileSync(join(directory, name), content, { mode: 0o600 })
  return join(directory, name)
}
const authority = file('authority.pem', house.authority.certificatePem)
const certificate = file('own.pem', house.management.certificatePem)
// PKCS#8: the only form that Java reads.
const key = file(
  'own.key',
  createPrivateKey(house.management.keyPem).export({ type: 'pkcs8', format: 'pem' }) as string,
)
const path = `/${subscriptionId}/locations`
const signIn = [`${house.url}${path}`, authority, certificate, key]
const program = (name: string) => fileURLToPath(new URL(`sign-in/${name}`, import.meta.url))
const missing = (command: string) => (existsSync(`/usr/bin/${command}`) ? false : `${command} is not installed`)

for (const version of ['-tls1_2', '-tls1_3'])
  test(`openssl ${version} is named no authority, signs in, and again with the session of before`, {
    skip: missing('openssl'),
  }, async () => {
    const session = join(directory, `session${version}`)
    const connect = ['s_client', version, '-connect', `127.0.0.1:${house.port}`, '-CAfile', authority]
    const sent = `GET ${path} HTTP/1.1\r\nHost: here\r\nx-ms-version: 2014-10-01\r\nConnection: close\r\n\r\n`
    const own = ['-cert', certificate, '-key', key, '-ign_eof']
    const first = await run('openssl', [...connect, ...own, '-sess_out', session], sent)
    assert.match(first, /^No client certificate CA names sent$/m)
    assert.match(first, /^New, TLSv1.*HTTP\/1\.1 200 /ms)
    const second = await run('openssl', [...connect, ...own, '-sess_in', session], sent)
    assert.match(second, /^Reused, TLSv1.*HTTP\/1\.1 200 /ms)
    const without = await run('openssl', [...connect, '-ign_eof'], sent)
    assert.match(without, /HTTP\/1\.1 403 /m)
  })

test('A Go client signs in, in both versions of TLS', { skip: missing('go') }, async () => {
  const told = await run('go', ['run', program('client.go'), ...signIn])
  assert.deepEqual(told.trim().split('\n').toSorted(), [
    'TLS 1.2 again 200 resumed: true',
    'TLS 1.2 new 200 resumed: false',
    'TLS 1.3 again 200 resumed: true',
    'TLS 1.3 new 200 resumed: false',
  ])
})

test('A Java client signs in, in both versions of TLS', { skip: missing('java') }, async () => {
  const told = await run('java', [program('Client.java'), ...signIn])
  assert.deepEqual(told.trim().split('\n'), [
    'TLSv1.2 new 200',
    'TLSv1.2 again 200',
    'TLSv1.3 new 200',
    'TLSv1.3 again 200',
  ])
})

/** What the program prints, given this input; rejects with what it complains of when it fails. */
function run(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      GOCACHE: join(directory, 'go-cache'),
      GOFLAGS: '-mod=mod',
      CGO_ENABLED: '0',
      GO111MODULE: 'off',
    }
    const ended = (error: ExecFileException | null, stdout: string, stderr: string) =>
      error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(stdout)
    execFile(command, [...args], { env }, ended).stdin?.end(input)
  })
}
