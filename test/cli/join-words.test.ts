/** What the command line takes and refuses of a machine among several, and whom a machine that joins talks to. */
import { deepEqual, equal, rejects, throws } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { claimDirectory, openBuilding } from '../../src/machine/building/building.ts'
import { readUpCommand } from '../../src/machine/building/command-line.ts'
import { newRecord, placesOf, readRecord, saveRecord } from '../../src/machine/building/data-directory.ts'
import { askToJoin } from '../../src/machine/building/join/ask-to-join.ts'
import { joinFabric } from '../../src/machine/building/join/join-fabric.ts'
import { pinnedAuthority } from '../../src/machine/building/join/pinned-authority.ts'
import { askMaster } from '../../src/machine/building/others/ask-master.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import { fingerprintOf } from '../../src/machine/certificates/fingerprint.ts'
import type { JsonReply, JsonRequest } from '../../src/machine/http/json-client.ts'

const secret = 'ab'.repeat(32)
const hash = 'cd'.repeat(32)
const token = `reddog1.${hash}.${secret}`
const authority = makeAuthority('Reddog fabric')
const ofAuthority = fingerprintOf(parseCertificate(authority.certificatePem)?.der ?? Buffer.of())

function directory(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'machines-'))
  t.after(() => rmSync(made, { recursive: true, force: true }))
  return made
}

describe('words about a machine among several', () => {
  it('make the first one', () => {
    const { machine, join: joins } = readUpCommand(
      'up --cluster --machine a1 --address 192.0.2.7 --vip-range 192.0.2.96/28'.split(' '),
    )
    equal(joins, undefined)
    deepEqual(
      { ...machine },
      {
        cluster: true,
        name: 'a1',
        address: '192.0.2.7',
        vipRange: '192.0.2.96/28',
        etcd: undefined,
        blobAccount: undefined,
      },
    )
  })

  it('make another one', () => {
    const { verb, join: joins } = readUpCommand(`host join 192.0.2.7 --token ${token} --controller`.split(' '))
    equal(verb, 'up')
    deepEqual(joins, { at: { address: '192.0.2.7', port: 9443 }, token: { authority: hash, secret }, controller: true })
  })

  it('take the token from a file, which only its owner reads, and not from the command line, which all do', (t) => {
    const file = join(directory(t), 'token')
    writeFileSync(file, `${token}\r\nand more\n`, { mode: 0o600 })
    const { join: joins } = readUpCommand(['host', 'join', '192.0.2.7', '--token-file', file])
    deepEqual(joins?.token, { authority: hash, secret })
  })

  it('take it from standard input by its first line, without waiting for an end', async (t) => {
    const reads = `import { secretLine } from '${import.meta.resolve('../../src/machine/building/secret-line.ts')}'; process.stdout.write(secretLine('-', 'Token'))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', reads])
    t.after(() => child.kill('SIGKILL'))
    child.stdin.write(`${token}\n`)
    const [said] = await once(child.stdout, 'data')
    equal(String(said), token)
  })

  for (const [words, refusal] of [
    ['up --cluster --address 0.0.0.0', /--address 0\.0\.0\.0: write the IPv4 address/],
    ['up --cluster --address ::1', /write the IPv4 address/],
    ['up --cluster --machine -a', /--machine -a|--machine needs a value/],
    ['up --cluster --machine a_b', /letters, digits and hyphens/],
    ['up --cluster --vip-range 192.0.2.9-192.0.2.1', /its last address comes before its first/],
    ['up --cluster --vip-range 10.0.0.0/8', /takes at most 256/],
    ['up --cluster --etcd https://192.0.2.1:2379', /--etcd-tls DIR belong together/],
    ['up --cluster --etcd http://192.0.2.1:2379 --etcd-tls .', /write https:/],
    [`up --token ${token}`, /--token belongs to: reddog host join/],
    ['up --token-file x', /--token-file belongs to: reddog host join/],
    [`host join 192.0.2.7 --token ${token} --token-file x`, /not both/],
    ['host join 192.0.2.7 --token-file /dev/null', /no token of a fabric/],
    ['host join 192.0.2.7 --token-file /nowhere/token', /ENOENT/],
    ['host join 192.0.2.7', /A token is needed/],
    ['host join 192.0.2.7 --token reddog1.12.34', /no token of a fabric/],
    [`host join elsewhere.example --token ${token}`, /the address of a machine that has a controller/],
    [`host join 192.0.2.7 --token ${token} --vip-range 192.0.2.96/28`, /first machine alone/],
    ['host join', /Write:/],
  ] as const)
    it(`refuse: ${words.replace(token, 'TOKEN')}`, () => throws(() => readUpCommand(words.split(' ')), refusal))
})

describe('a data directory', () => {
  for (const [name, words, refusal] of [
    ['of one machine does not become one of several', 'up --cluster', /holds a fabric of one machine, which stays one/],
    ['of one machine takes no address', 'up --address 192.0.2.7', /holds a fabric of one machine/],
  ] as const)
    it(name, async (t) => {
      const places = placesOf(directory(t))
      saveRecord(places, newRecord())
      await rejects(openBuilding(readUpCommand([...words.split(' '), '--data', places.data]), places), refusal)
    })

  it('of one machine joins no other fabric', async (t) => {
    const command = readUpCommand(`host join 192.0.2.7 --token ${token} --data ${directory(t)}`.split(' '))
    const places = await claimDirectory(command)
    saveRecord(places, newRecord())
    await rejects(
      joinFabric(command, places, command.join as NonNullable<typeof command.join>, () => {}),
      /Join with another directory/,
    )
  })

  it('that is refused an address holds no fabric', async (t) => {
    const command = readUpCommand(`up --cluster --address 127.0.0.1 --data ${directory(t)}`.split(' '))
    const places = await claimDirectory(command)
    await rejects(openBuilding(command, places), /cannot reach an address of loopback/)
    const elsewhere = readUpCommand(`up --cluster --address 203.0.113.77 --data ${places.data}`.split(' '))
    await rejects(openBuilding(elsewhere, places), /this machine has no such address/)
    equal(readRecord(places), undefined)
  })
})

describe('a machine that joins', () => {
  /** A server with that certificate; what it is told is counted. */
  async function served(t: TestContext, of: { readonly certificatePem: string; readonly keyPem: string }) {
    const told: string[] = []
    const server = createServer(
      { cert: `${of.certificatePem}${authority.certificatePem}`, key: of.keyPem },
      (request, response) => {
        request.on('data', (chunk: Buffer) => told.push(chunk.toString()))
        request.on('end', () =>
          response.writeHead(403, { 'content-type': 'application/json' }).end('{"code":"X","message":"No."}'),
        )
      },
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => void server.close())
    return { port: (server.address() as AddressInfo).port, told }
  }
  const request = {
    secret,
    name: 'a2',
    address: '192.0.2.8',
    controller: false,
    computer: hash,
    version: '1',
    requests: [],
  }
  const at = (port: number) => `https://127.0.0.1:${port}`

  it('knows the authority by its hash, and talks to nobody of another', async (t) => {
    const { port, told } = await served(
      t,
      issueCertificate(authority, { commonName: 'controller', usage: 'server', hosts: ['127.0.0.1'] }),
    )
    const place = { address: '127.0.0.1', port }
    equal(
      fingerprintOf(parseCertificate(await pinnedAuthority(place, { authority: ofAuthority }))?.der ?? Buffer.of()),
      ofAuthority,
    )
    await rejects(pinnedAuthority(place, { authority: hash }), /belongs to another fabric than the token/)
    deepEqual(told, [])
  })

  it('says its secret to no other party of the fabric', async (t) => {
    const { port, told } = await served(
      t,
      issueCertificate(authority, { commonName: 'host:a1', usage: 'both', hosts: ['127.0.0.1'] }),
    )
    await rejects(
      askToJoin(at(port), authority.certificatePem, request, () => {}),
      /host:a1 where controller was expected/,
    )
    deepEqual(told, [])
  })

  it('says its secret to nobody who shows the authority and has no certificate of it', async (t) => {
    const { port, told } = await served(
      t,
      issueCertificate(makeAuthority('Reddog fabric'), {
        commonName: 'controller',
        usage: 'server',
        hosts: ['127.0.0.1'],
      }),
    )
    await rejects(
      askToJoin(at(port), authority.certificatePem, request, () => {}),
      /not trusted/,
    )
    deepEqual(told, [])
  })

  it('hears in one sentence that nobody answers there, or why it is refused', async (t) => {
    await rejects(
      pinnedAuthority({ address: '127.0.0.1', port: 1 }, { authority: hash }),
      /No controller answers at 127\.0\.0\.1:1/,
    )
    const { port } = await served(
      t,
      issueCertificate(authority, { commonName: 'controller', usage: 'server', hosts: ['127.0.0.1'] }),
    )
    await rejects(
      askToJoin(at(port), authority.certificatePem, request, () => {}),
      /^Error: No\.$/,
    )
  })
})

describe('who looks for the master', () => {
  /** Controllers that answer as the table says. */
  function asking(answers: Readonly<Record<string, JsonReply<string>>>) {
    const asked: string[] = []
    const client = {
      request: async <Value>({ url }: JsonRequest) => {
        asked.push(new URL(url).host)
        return answers[new URL(url).host] as JsonReply<Value>
      },
    }
    return { asked, ask: (urls: readonly string[]) => askMaster<string>(client, urls, { path: '/x', timeoutMs: 1 }) }
  }
  const gone = { ok: false, status: 0, fault: { code: 'NoAnswer', message: '' } } as const
  const pointsAt = (master: string) =>
    ({ ok: false, status: 421, fault: { code: 'NotMaster', message: '', master } }) as const
  const urls = ['https://a:1', 'https://b:1', 'https://c:1']

  it('asks each, and the one that another names before the rest', async () => {
    const { asked, ask } = asking({
      'a:1': pointsAt('https://c:1'),
      'c:1': { ok: true, status: 200, value: 'yes' },
      'b:1': gone,
    })
    deepEqual(await ask(urls), { ok: true, status: 200, value: 'yes' })
    deepEqual(asked, ['a:1', 'c:1'])
  })

  it('passes those by that are gone, and ends when all have said no', async () => {
    const { asked, ask } = asking({ 'a:1': gone, 'b:1': pointsAt('https://a:1'), 'c:1': gone })
    equal((await ask(urls)).ok, false)
    deepEqual(asked, ['a:1', 'b:1', 'c:1'])
  })
})
