/** `reddog host token`, `remove` and `list` as a user types them: the real command line and front end, and the controller's own decisions. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import { writePublishSettings } from '../../src/machine/certificates/publish-settings.ts'
import { bundleOf } from '../bundle.ts'
import { type Fabric, fabricOf, type Shipped, shipped } from '../fabric/fabric.ts'
import { startFrontEnd, subscriptionId } from '../protocol/front-end-process.ts'
import type { Script } from '../protocol/scripted-controller.ts'

const main = bundleOf('reddog')
const authority = selfSignedCertificate('Reddog fabric')

const parcel: Shipped = {
  ...shipped(),
  several: {
    cluster: { machine: 'm1', version: '0.1.0', ports: { controller: 9443, etcdMembers: 2380 } },
    first: { address: '10.9.0.1', computer: '1'.repeat(64), authorities: { fabric: authority }, certificates: [] },
  },
}

describe('the verbs of machines', () => {
  const ends: (() => unknown)[] = []
  let fabric: Fabric
  let signIn: string

  before(async () => {
    const script: Script = {
      views: {
        hosts: () => answerView(fabric.state, 'hosts', {}, fabric.now),
        machines: () => answerView(fabric.state, 'machines', {}, fabric.now),
      },
      refuse({ command, requestId }) {
        const reply = fabric.ask(command, requestId)
        return 'refused' in reply ? reply.refused : undefined
      },
      commands: [],
    }
    const house = await startFrontEnd({ after: (end: () => unknown) => void ends.push(end) }, script)
    signIn = join(house.directory, 'reddog.publishsettings')
    writeFileSync(join(house.directory, 'authority.pem'), house.authority.certificatePem)
    const profile = { subscriptionId, name: 'Test', managementUrl: house.url, ...house.management }
    writeFileSync(signIn, writePublishSettings(profile))
  })
  after(async () => {
    for (const end of ends.toReversed()) await end()
  })

  async function reddog(...words: readonly string[]) {
    const child = spawn(process.execPath, [main, ...words, '--publish-settings', signIn])
    const said = Promise.all([text(child.stdout), text(child.stderr)])
    const [code] = await once(child, 'exit')
    const [stdout, stderr] = await said
    return { code, stdout, stderr }
  }

  it('print a token with the hash of the authority, of whose secret the fabric has the hash alone', async () => {
    fabric = fabricOf(parcel)
    const { stdout } = await reddog('host', 'token', '--controller', '--valid', '10min', '--json')
    const { token, address, validSeconds } = JSON.parse(stdout)
    const [, hash, secret] = /^reddog1\.([0-9a-f]{64})\.([0-9a-f]{64})$/.exec(token) ?? []
    assert.equal(address, '10.9.0.1')
    assert.equal(validSeconds, 600)
    assert.equal(hash, sha256(parseCertificate(authority.certificatePem)?.der ?? ''))
    const { joinToken } = fabric.state.stored
    assert.deepEqual(joinToken.toJS(), {
      [sha256(secret ?? '')]: { validUntil: fabric.now + 600_000, controller: true },
    })
    assert.match(
      (await reddog('host', 'token')).stdout,
      /^reddog host join 10\.9\.0\.1 --token-file -\n {2}which asks for this token: reddog1\.\S+\n$/,
    )
    assert.equal(joinToken.size, 1)
    const late = await reddog('host', 'token', '--valid', '61min')
    assert.match(late.stderr, /--valid 61min: write a time of at most 60min/)
    assert.equal(late.code, 2)
  })

  it('list machines beside hosts, and remove one; a refusal is one sentence', async () => {
    fabric = fabricOf(parcel)
    const joiner = { name: 'm2', address: '10.9.0.2', controller: false, computer: 'c', version: '0.1.0', keys: 'k' }
    fabric.ask({ kind: 'addJoinToken', token: 'a'.repeat(64), controller: false, validMs: 1_000 })
    fabric.tell({ kind: 'join', joiner: { ...joiner, token: 'a'.repeat(64), certificates: [] } })
    fabric.host('m1')
    const { stdout } = await reddog('host', 'list')
    assert.match(stdout, /^m1 +Reserve +8 of 8/m)
    assert.match(stdout, /^m1 +host, master +10\.9\.0\.1 +0\.1\.0$/m)
    assert.match(stdout, /^ {2}m1 is the master since .*: it opened the store last \(epoch 1\)$/m)
    assert.match(stdout, /^m2 +host +10\.9\.0\.2 +0\.1\.0$/m)
    const { hosts } = JSON.parse((await reddog('host', 'list', '--json')).stdout)
    assert.deepEqual(
      hosts.map(({ name, state, roles }: Record<string, unknown>) => [name, state, roles]),
      [
        ['m1', 'Reserve', ['host', 'master']],
        ['m2', 'NotRegistered', ['host']],
      ],
    )
    const refused = await reddog('host', 'remove', 'm1', '--force')
    assert.match(refused.stderr, /m1 cannot be removed: no other is a candidate/)
    assert.notEqual(refused.code, 0)
    assert.match((await reddog('host', 'remove', 'm2')).stdout, /^m2 is no part of the fabric any more/)
    assert.deepEqual([...fabric.state.stored.machine.keys()], ['m1'])
  })

  it('say in a fabric of one machine how to begin one of several; its list is as ever', async () => {
    fabric = fabricOf()
    fabric.host('host1')
    for (const words of [
      ['host', 'token'],
      ['host', 'remove', 'host1'],
    ]) {
      const { code, stderr } = await reddog(...words)
      assert.match(stderr, /This fabric is of one machine.*reddog up --cluster/)
      assert.notEqual(code, 0)
    }
    assert.equal((await reddog('host', 'list')).stdout.split('\n').length, 3)
    assert.ok(Array.isArray(JSON.parse((await reddog('host', 'list', '--json')).stdout)))
  })
})

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
