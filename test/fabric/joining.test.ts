/** Machines join a fabric over real TLS: openssl, curl and clients without a certificate are the other side. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, type SecureVersion } from 'node:tls'
import { machinePaths, type RenewAnswer } from '../../src/fabric/contract/machines.ts'
import { fabricPaths } from '../../src/fabric/contract/paths.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import { openerWith } from '../../src/machine/certificates/party-sealer.ts'
import type { JsonReply } from '../../src/machine/http/json-client.ts'
import { until } from '../until.ts'
import { type Cluster, identityOf, newcomer, sha256, startCluster, valueOf } from './several-machines.ts'

test('A machine joins by a token, once: what it gets is what openssl takes, and the machine is in the list before it has its answer', async (t) => {
  const cluster = await startCluster(t)
  const m2 = newcomer('m2', '127.0.0.2', ['machine', 'host', 'loadBalancer'])
  const secret = await cluster.token()
  const answer = valueOf(await cluster.join(m2.request(secret)))
  assert.equal(answer.network, 77)
  assert.equal(answer.number, 11)
  assert.equal(answer.authority, cluster.authority)
  assert.equal(answer.vipRange, '192.0.2.10-192.0.2.20')
  assert.equal(answer.secrets, undefined)
  assert.deepEqual(
    answer.machines.map(({ name, number, controller, controllerUrl }) => [name, number, controller, controllerUrl]),
    [
      ['m1', 10, true, 'https://127.0.0.1:9443'],
      ['m2', 11, false, undefined],
    ],
  )
  const ca = join(cluster.directory, 'ca.pem')
  const names = { machine: 'machine:m2', host: 'host:m2', loadBalancer: 'load-balancer:m2' } as const
  for (const [party, name] of Object.entries(names)) {
    const file = join(cluster.directory, `${party}-m2.pem`)
    writeFileSync(file, answer.certificates[party as keyof typeof names] ?? '')
    assert.match(openssl('verify', '-CAfile', ca, file), /OK/)
    assert.match(openssl('x509', '-in', file, '-noout', '-subject'), new RegExp(`CN ?= ?${name}\n`))
  }
  const { machines, master } = await cluster.machines()
  assert.equal(master, 'm1')
  assert.equal(machines[1]?.certificates.length, 3)

  const again = await cluster.join(newcomer('m3', '127.0.0.3').request(secret))
  assertRefused(again, 403, /used by the machine m2/)
  await cluster.restart()
  const { now: _, ...restarted } = await cluster.machines()
  assert.deepEqual(restarted, { master, machines })
})

test('The same request again gets the same machine: its answer was lost', async (t) => {
  const cluster = await startCluster(t)
  const secret = await cluster.token()
  const m2 = newcomer('m2', '127.0.0.2')
  const first = valueOf(await cluster.join(m2.request(secret)))
  const second = valueOf(await cluster.join(m2.request(secret)))
  assert.equal(second.number, first.number)
  for (const answer of [first, second])
    assert.equal((await cluster.call(identityOf(m2, answer, 'machine'), machinePaths.machines)).status, 200)
  assertRefused(await cluster.join(newcomer('m2', '127.0.0.2').request(secret)), 403, /used by the machine m2/)
  assert.equal((await cluster.machines()).machines.length, 2)
})

test('Who cannot join is told why in one sentence, and nothing is half done', async (t) => {
  const cluster = await startCluster(t)
  const secret = await cluster.token()
  const m2 = newcomer('m2', '127.0.0.2')
  const refusals: readonly (readonly [request: unknown, status: number, message: RegExp])[] = [
    [m2.request('ab'.repeat(32)), 403, /none of this fabric/],
    [m2.request(secret, { name: 'M1' }), 409, /is called M1 already/],
    [m2.request(secret, { address: '127.0.0.1' }), 409, /m1 has the address 127\.0\.0\.1/],
    [
      m2.request(secret, { address: '192.0.2.15' }),
      409,
      /192\.0\.2\.15 is one of the VIPs 192\.0\.2\.10-192\.0\.2\.20/,
    ],
    [m2.request(secret, { computer: sha256('m1') }), 409, /its disk is a copy/],
    [m2.request(secret, { version: '0.2.0' }), 409, /runs Reddog 0\.1\.0, and the machine has 0\.2\.0/],
    [m2.request(secret, { controller: true }), 403, /for hosts alone/],
    [m2.request(secret, { requests: [{ party: 'machine', request: 'x' }] }), 400, /no certificate of host/],
    [
      m2.request(secret, { requests: m2.request(secret).requests.map((one) => ({ ...one, request: 'x' })) }),
      400,
      /no certificate request/,
    ],
    [{ ...m2.request(secret), name: 'a/b' }, 400, /cannot be read/],
    [{ ...m2.request(secret), address: '127.0.0.02' }, 400, /cannot be read/],
    [{ ...m2.request(secret), requests: [] }, 400, /no certificate of machine/],
    [{ ...m2.request(secret), requests: Array(7).fill(m2.request(secret).requests[0]) }, 400, /cannot be read/],
    [null, 400, /cannot be read/],
    [[], 400, /cannot be read/],
    [{ ...m2.request(secret), extra: 'x'.repeat(70_000) }, 413, /larger than 65536 bytes/],
  ]
  for (const [request, status, message] of refusals) assertRefused(await cluster.join(request), status, message)
  assert.equal((await cluster.machines()).machines.length, 1)
  const late = await cluster.token(false, 1)
  assertRefused(await cluster.join(m2.request(late)), 403, /not valid any more/)
  assert.equal((await cluster.join(m2.request(secret))).status, 200)
})

test('A candidate gets the secrets of candidates, sealed to its host, and certificates that serve', async (t) => {
  const cluster = await startCluster(t)
  const m2 = newcomer('m2', '127.0.0.2', ['machine', 'host', 'controller', 'frontEnd'])
  const answer = valueOf(await cluster.join(m2.request(await cluster.token(true), { controller: true })))
  const { sealed = '', purpose = '' } = answer.secrets ?? {}
  const secrets = openerWith(m2.keys.host?.keyPem ?? '').open(sealed, purpose)
  assert.deepEqual(JSON.parse(secrets.toString()), {
    fabricKey: cluster.fabricKey,
    storageAccount: { name: 'acct', key: 'c2VjcmV0', blobEndpoint: 'http://127.0.0.1:1/acct' },
  })
  const file = join(cluster.directory, 'controller-m2.pem')
  writeFileSync(file, answer.certificates.controller ?? '')
  const text = openssl('x509', '-in', file, '-noout', '-ext', 'subjectAltName,extendedKeyUsage')
  assert.match(text, /TLS Web Server Authentication/)
  for (const name of ['IP Address:127.0.0.2', 'IP Address:127.77.0.2', 'DNS:localhost']) assert.ok(text.includes(name))
  assert.equal(answer.etcd, undefined)
})

test('Every other route is for certificates that are in the records: strangers and others of the authority are refused', async (t) => {
  const cluster = await startCluster(t)
  const secret = await cluster.token()
  const m2 = newcomer('m2', '127.0.0.2')
  const answer = valueOf(await cluster.join(m2.request(secret)))
  const unrecorded = cluster.issue({ commonName: 'front-end', usage: 'client' })
  const foreign = (await startCluster(t)).issue({ commonName: 'front-end', usage: 'client' })
  for (const [who, path] of [
    [unrecorded, machinePaths.machines],
    [unrecorded, fabricPaths.view],
    [foreign, fabricPaths.view],
    [identityOf(m2, answer, 'host'), fabricPaths.view],
    [identityOf(m2, answer, 'host'), machinePaths.renew],
    ['host', machinePaths.promote],
  ] as const)
    assert.equal((await cluster.call(who, path, path === machinePaths.machines ? undefined : {})).status, 403, path)

  // curl without a certificate, and with one that nobody knows.
  const ca = join(cluster.directory, 'ca.pem')
  const stranger = [...curlWords(cluster), '--cacert', ca]
  for (const path of [machinePaths.machines, fabricPaths.view, hostPaths.goal, '/nowhere'])
    assert.match(curl(...stranger, `${cluster.url}${path}`), /^40[345]$/)
  assert.equal(curl(...stranger, '-d', '{}', `${cluster.url}${machinePaths.join}`), '400')
  assert.equal(curl(...stranger, '-d', 'x', `${cluster.url}${machinePaths.join}`), '400')
  const own = selfSigned(cluster)
  assert.equal(
    curl(...stranger, '--cert', own.cert, '--key', own.key, '-d', '{}', `${cluster.url}${fabricPaths.view}`),
    '403',
  )
})

test('A resumed session without a certificate is a stranger as before', async (t) => {
  const cluster = await startCluster(t)
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = await ask(cluster, version)
    assert.match(first.answer, /^HTTP\/1\.1 403/)
    const second = await ask(cluster, version, first.session)
    assert.match(second.answer, /^HTTP\/1\.1 403/)
    assert.ok(second.isResumed, `${version} was not resumed`)
  }
})

test('The server shows the authority, so that who joins knows it by its hash before it says anything', async (t) => {
  const cluster = await startCluster(t)
  const { host } = new URL(cluster.url)
  const shown = spawnSync('openssl', ['s_client', '-connect', host, '-showcerts'], {
    input: '',
    encoding: 'utf8',
  }).stdout
  const certificates = shown.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []
  assert.equal(certificates[1], cluster.authority.replaceAll('\r\n', '\n'))
})

test('A machine renews its certificates; the former ones serve while they are replaced', async (t) => {
  const cluster = await startCluster(t)
  const m2 = newcomer('m2', '127.0.0.2')
  const joined = valueOf(await cluster.join(m2.request(await cluster.token())))
  const former = identityOf(m2, joined, 'machine')
  const fresh = newcomer('m2', '127.0.0.2')
  const { requests } = fresh.request('')
  const { certificates } = valueOf(await cluster.call<RenewAnswer>(former, machinePaths.renew, { requests }))
  const renewed = { cert: certificates.machine ?? '', key: fresh.keys.machine?.keyPem ?? '' }
  for (const who of [former, renewed]) assert.equal((await cluster.call(who, machinePaths.machines)).status, 200)
  const upgraded = { requests: [], version: '0.1.5' }
  assert.equal((await cluster.call(renewed, machinePaths.renew, upgraded)).status, 200)
  assert.equal((await cluster.machines()).machines[1]?.version, '0.1.5')
  const controller = [{ party: 'controller', request: requests[0]?.request }]
  assertRefused(
    await cluster.call(renewed, machinePaths.renew, { requests: controller }),
    400,
    /no certificate of controller for m2/,
  )
})

test('A machine that is removed is believed by nobody from the commit on, not even where its long poll is held', async (t) => {
  const cluster = await startCluster(t)
  const m2 = newcomer('m2', '127.0.0.2', ['machine', 'host', 'loadBalancer'])
  const answer = valueOf(await cluster.join(m2.request(await cluster.token())))
  const host = identityOf(m2, answer, 'host')
  const facts = {
    cores: 4,
    memoryMB: 1,
    diskMB: 1,
    faultDomain: 0,
    bootId: 'b',
    agentRun: 'r',
    firstPort: 0,
    subnet: '127.77.40.0/24',
  }
  assert.equal((await cluster.call(host, hostPaths.register, facts)).status, 204)
  const held = cluster.call(host, `${hostPaths.goal}?after=${Number.MAX_SAFE_INTEGER - 1}&wait=1500`)
  const removed = await cluster.command({ kind: 'removeHost', host: 'M2', force: false })
  assert.ok('accepted' in removed && removed.accepted.status === 'Succeeded')
  for (const party of ['machine', 'host', 'loadBalancer'] as const)
    assert.equal((await cluster.call(identityOf(m2, answer, party), machinePaths.machines)).status, 403)
  assert.equal((await held).status, 403)
  assert.deepEqual(
    (await cluster.machines()).machines.map(({ name }) => name),
    ['m1'],
  )
  const back = newcomer('m2', '127.0.0.2')
  assert.equal((await cluster.join(back.request(await cluster.token()))).status, 200)
})

test('Who takes all connections that it can get keeps nobody else from joining', async (t) => {
  const cluster = await startCluster(t)
  const { hostname: host, port } = new URL(cluster.url)
  let open = 0
  for (let count = 0; count < 40; count++) {
    const socket = connect({ host, port: Number(port), ca: cluster.authority })
    t.after(() => socket.destroy())
    open += 1
    socket.on('error', () => {}).once('close', () => (open -= 1))
  }
  await until(() => open <= 8, 'one address has a quarter of what strangers may have')
  const words = [...curlWords(cluster), '--cacert', join(cluster.directory, 'ca.pem'), '--interface', '127.0.0.2']
  assert.equal(curl(...words, '-d', '{}', `${cluster.url}${machinePaths.join}`), '400')
  assert.equal(open, 8)
})

test('Nobody tries to join again and again', async (t) => {
  const cluster = await startCluster(t)
  const statuses: number[] = []
  for (let count = 0; count < 25; count++) statuses.push((await cluster.join({})).status)
  assert.deepEqual([...new Set(statuses)], [400, 503])
  assert.equal((await cluster.machines()).machines.length, 1)
})

function assertRefused(reply: JsonReply<unknown>, status: number, message: RegExp): void {
  assert.ok(!reply.ok, `accepted where ${message} was expected`)
  assert.match(reply.fault.message, message)
  assert.equal(reply.status, status)
}

/** What a client without a certificate is answered, and its session for the next time. */
async function ask(cluster: Cluster, version: SecureVersion, session?: Buffer) {
  const { port } = new URL(cluster.url)
  return new Promise<{ answer: string; session: Buffer | undefined; isResumed: boolean }>((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(port),
      ca: cluster.authority,
      session,
      minVersion: version,
      maxVersion: version,
    })
    let answer = ''
    let ticket: Buffer | undefined
    socket.on('session', (fresh) => {
      ticket = fresh
    })
    socket.on('error', reject)
    socket.on('data', (text) => {
      answer += String(text)
    })
    socket.on('end', () => resolve({ answer, session: ticket, isResumed: socket.isSessionReused() }))
    socket.write(`GET ${machinePaths.machines} HTTP/1.1\r\nHost: fabric\r\nConnection: close\r\n\r\n`)
  })
}

function selfSigned(cluster: Cluster) {
  const file = (name: string) => join(cluster.directory, name)
  const [cert, key] = [file('self.pem'), file('self.key')]
  if (!existsSync(cert))
    openssl('req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=front-end', '-keyout', key, '-out', cert)
  assert.ok(readFileSync(cert).length > 0)
  return { cert, key }
}

function curlWords(cluster: Cluster): readonly string[] {
  return ['-s', '-o', join(cluster.directory, 'answer'), '-w', '%{http_code}']
}

function curl(...words: readonly string[]): string {
  return execFileSync('curl', words, { encoding: 'utf8' })
}

function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' })
}
