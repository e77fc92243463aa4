/** Machines join, get their members of etcd, and leave: what the controller decides of it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Map as Entries } from 'immutable'
import type { CommandReply } from '../../src/fabric/contract/commands.ts'
import { freeNumber } from '../../src/fabric/controller/machines/free-number.ts'
import { hasTooMany, inForce } from '../../src/fabric/controller/machines/in-force.ts'
import { isBelieved } from '../../src/fabric/controller/machines/is-believed.ts'
import { joinRefusal } from '../../src/fabric/controller/machines/join-refusal.ts'
import type { Joiner } from '../../src/fabric/controller/machines/joiner.ts'
import { mayJoin } from '../../src/fabric/controller/machines/may-join.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { CertificateMark, MachineRecord } from '../../src/fabric/controller/state/records/machine.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { createDeployment, createShop, type Fabric, fabricOf, type Shipped, shipped, timers } from './fabric.ts'
import { obey } from './obey.ts'

const minute = 60_000
const day = 86_400_000
const digits = (letter: string) => letter.repeat(64)

/** `m1` alone, with a member of etcd. */
function several(change: Partial<NonNullable<Shipped['several']>['first']> = {}): Shipped {
  const pair = { certificatePem: 'certificate', keyPem: 'key' }
  return {
    ...shipped(),
    several: {
      cluster: { machine: 'm1', version: '0.1.0', ports: { controller: 9443, etcdMembers: 2380 } },
      first: {
        address: '10.9.0.1',
        computer: digits('1'),
        authorities: { fabric: pair, etcd: pair },
        certificates: [mark('host', 'm1')],
        ...change,
      },
    },
  }
}

function mark(party: CertificateMark['party'], of: string, endsAt = Date.UTC(2026, 0, 31)): CertificateMark {
  return { party, fingerprint: `${party} of ${of}`, serial: `serial of ${party} of ${of}`, endsAt }
}

function joinerOf(name: string, change: Partial<Joiner> = {}): Joiner {
  return {
    name,
    address: `10.9.0.${name.slice(1)}`,
    controller: false,
    computer: name,
    version: '0.1.0',
    token: digits('a'),
    keys: `keys of ${name}`,
    certificates: [mark('machine', name), mark('host', name)],
    ...change,
  }
}

const candidate = (name: string) =>
  joinerOf(name, { controller: true, certificates: [mark('host', name), mark('etcd', name)] })

function token(fabric: Fabric, letter = 'a', controller = true): void {
  const reply = fabric.ask({ kind: 'addJoinToken', token: digits(letter), controller, validMs: 30 * minute })
  assert.ok('accepted' in reply && reply.accepted.status === 'Succeeded')
}

function joined(fabric: Fabric, joiner: Joiner, letter = 'a'): Fabric {
  token(fabric, letter)
  fabric.tell({ kind: 'join', joiner: { ...joiner, token: digits(letter) } })
  assert.ok(fabric.state.stored.machine.has(joiner.name))
  return fabric
}

const kinds = (fabric: Fabric) => fabric.done.map(({ kind }) => kind)
const names = (fabric: Fabric) => [...fabric.state.stored.machine.keys()].toSorted()
const remove = (host: string, force = false) => ({ kind: 'removeHost', host, force }) as const
const machinesView = (fabric: Fabric) => answerView(fabric.state, 'machines', {}, fabric.now)

function assertRefused(reply: CommandReply, message: RegExp): void {
  assert.ok('refused' in reply, `accepted where ${message} was expected`)
  assert.match(reply.refused.message, message)
}

describe('a fabric of one machine', () => {
  it('has no machines that join or leave, and says how to begin one that has', () => {
    const fabric = fabricOf()
    const words = /of one machine.*reddog up --cluster/
    assertRefused(fabric.ask({ kind: 'addJoinToken', token: digits('a'), controller: false, validMs: 1 }), words)
    assertRefused(fabric.ask(remove('host1')), words)
    assert.equal(machinesView(fabric), null)
  })
})

describe('a token', () => {
  it('is valid for an hour at most, and known by a SHA-256 alone', () => {
    const fabric = fabricOf(several())
    for (const [hash, validMs] of [
      [digits('a'), 60 * minute + 1],
      [digits('a'), 0],
      [digits('a'), Number.NaN],
      ['secret', minute],
      [digits('A'), minute],
    ] as const)
      assertRefused(fabric.ask({ kind: 'addJoinToken', token: hash, controller: false, validMs }), /64 lower-case/)
    token(fabric)
    assertRefused(
      fabric.ask({ kind: 'addJoinToken', token: digits('a'), controller: false, validMs: 1 }),
      /known already/,
    )
  })

  it('is told to be late for a day, and then forgotten', () => {
    const fabric = fabricOf(several())
    token(fabric)
    const words = () => joinRefusal(fabric.state, joinerOf('m2'), fabric.now)?.message ?? ''
    fabric.pass(30 * minute - 1)
    assert.equal(words(), '')
    fabric.pass(1)
    assert.match(words(), /not valid any more/)
    fabric.pass(day - 1)
    assert.match(words(), /not valid any more/)
    fabric.pass(1)
    assert.match(words(), /none of this fabric/)
    assert.ok(fabric.state.stored.joinToken.isEmpty())
  })
})

describe('a machine that joins', () => {
  it('is recorded with the next number, and the token is spent with it; a new master knows both', () => {
    const fabric = joined(fabricOf(several()), joinerOf('m2'))
    const { stored, derived } = fabric.restarted().state
    assert.equal(stored.machine.get('m2')?.number, 11)
    assert.equal(stored.joinToken.get(digits('a'))?.usedBy, 'm2')
    assert.deepEqual(derived.fingerprints.toArray().toSorted(), ['host of m1', 'host of m2', 'machine of m2'])
    assert.match(joinRefusal(fabric.state, joinerOf('m3'), fabric.now)?.message ?? '', /used by the machine m2/)
  })

  it('is the same machine when it asks again, with more certificates', () => {
    const fabric = joined(fabricOf(several()), joinerOf('m2'))
    const again = joinerOf('m2', { certificates: [mark('host', 'm2 again')] })
    fabric.tell({ kind: 'join', joiner: again })
    assert.deepEqual(
      fabric.state.stored.machine.get('m2')?.certificates.map(({ fingerprint }) => fingerprint),
      ['machine of m2', 'host of m2', 'host of m2 again'],
    )
    assert.deepEqual(names(fabric), ['m1', 'm2'])
  })

  it('brings the certificate of its portal, and takes it away', () => {
    const fabric = joined(fabricOf(several()), {
      ...candidate('m2'),
      portal: { thumbprint: 'BB', data: 'portal' },
    })
    const thumbprints = () => fabric.state.stored.subscription.first()?.certificates.map(({ thumbprint }) => thumbprint)
    assert.deepEqual(thumbprints(), ['AA', 'BB'])
    fabric.ask(remove('m2'))
    assert.deepEqual(thumbprints(), ['AA'])
  })

  it('gets no number of another one; when all were given, the lowest that is free', () => {
    const fabric = fabricOf(several())
    const { state } = fabric
    const machine = state.stored.machine.get('m1')
    assert.ok(machine)
    const withNumbers = (numbers: readonly number[]) => {
      const machines = numbers.map((number) => [`m${number}`, { ...machine, number }] as const)
      return { ...state, stored: { ...state.stored, machine: Entries(machines) } }
    }
    const all = Array.from({ length: 240 }, (_, at) => 10 + at)
    assert.equal(freeNumber(withNumbers([10, 12])), 13)
    assert.equal(freeNumber(withNumbers([10, 249])), 11)
    assert.equal(freeNumber(withNumbers(all)), undefined)
    fabric.host('left', { subnet: '10.77.30.0/24' })
    assert.equal(freeNumber(fabric.state), 31)
  })

  it('is of the same schema: versions of one minor number', () => {
    assert.equal(mayJoin('0.1.0', '0.1.7'), undefined)
    assert.match(mayJoin('0.1.0', '0.2.0') ?? '', /Install Reddog 0\.1\.0/)
  })
})

describe('the first machine', () => {
  it('is recorded once, and says of itself which version it runs', () => {
    const parcel = several()
    assert.ok(parcel.several)
    const fabric = fabricOf(parcel)
    parcel.several = { ...parcel.several, cluster: { ...parcel.several.cluster, version: '0.1.1' } }
    const upgraded = fabric.restarted()
    assert.deepEqual(
      machinesView(upgraded)?.machines.map(({ name, number, version }) => [name, number, version]),
      [['m1', 10, '0.1.1']],
    )
    assert.deepEqual([...upgraded.state.stored.authority.keys()].toSorted(), ['etcd', 'fabric'])
  })
})

describe('certificates of a machine', () => {
  it('are in force while they are the newest four of their party, whatever the clock says', () => {
    const now = Date.UTC(2026, 0, 2)
    const old = mark('host', 'old', now)
    const hosts = ['a', 'b', 'c', 'd', 'e'].map((name) => mark('host', name))
    const machine = mark('machine', 'a')
    assert.deepEqual(inForce([old, machine, ...hosts.slice(0, 3)], hosts.slice(3), now), [machine, ...hosts.slice(1)])
    assert.deepEqual(inForce([old, machine], hosts.slice(3), now), [old, machine, ...hosts.slice(3)])
  })

  it('of etcd are all kept until they end, and the newest beyond it, to be revoked with the machine; who has very many gets no more', () => {
    const now = Date.UTC(2026, 0, 2)
    const etcds = Array.from({ length: 100 }, (_, at) => mark('etcd', String(at)))
    const known = etcds.slice(1)
    const ended = [mark('etcd', 'old', now - 366 * 86_400_000), mark('etcd', 'may be', now - 86_400_000)]
    assert.deepEqual(inForce([...ended, ...known], etcds.slice(0, 1), now), [
      ...ended.slice(1),
      ...known,
      ...etcds.slice(0, 1),
    ])
    assert.deepEqual(inForce(known, etcds.slice(0, 1), Date.UTC(2036, 0, 1)).length, 4)
    assert.deepEqual([hasTooMany(known, now), hasTooMany(etcds, now)], [false, true])
    assert.equal(hasTooMany(etcds, Date.UTC(2026, 0, 31)), false)
    const fabric = joined(fabricOf(several()), { ...candidate('m2'), certificates: etcds })
    fabric.tell({ kind: 'promote', machine: 'm2' })
    fabric.ask(remove('m2', true))
    assert.equal([...fabric.state.stored.formerMachine.values()][0]?.etcdCertificates.length, 100)
  })
})

describe('the member of etcd of a candidate', () => {
  it('is a learner first, and votes when the machine says that it runs', () => {
    const fabric = joined(fabricOf(several()), candidate('m2'))
    assert.deepEqual(kinds(fabric), ['addMember'])
    const { etcd } = fabric.state.stored.machine.get('m2') ?? {}
    assert.deepEqual(etcd, { member: 'id of m2', initialCluster: 'm2=https://10.9.0.2:2380', isVoter: false })
    assert.match(machinesView(fabric)?.machines[1]?.notes[0] ?? '', /learns, and may not vote yet/)
    fabric.pass(9 * minute)
    fabric.tell({ kind: 'promote', machine: 'm2' })
    assert.deepEqual(kinds(fabric), ['addMember', 'promoteMember'])
    assert.equal(fabric.state.stored.machine.get('m2')?.etcd?.isVoter, true)
    fabric.pass(day)
    assert.deepEqual(names(fabric), ['m1', 'm2'])
    assert.deepEqual(
      machinesView(fabric)?.machines.map(({ roles }) => roles),
      [
        ['host', 'master'],
        ['host', 'candidate'],
      ],
    )
  })

  it('is given up with its machine when it never runs, but not before a new master has waited as long', () => {
    let fabric = joined(fabricOf(several()), candidate('m2'))
    fabric.pass(9 * minute)
    fabric = fabric.restarted()
    fabric.pass(10 * minute - 1)
    assert.deepEqual(names(fabric), ['m1', 'm2'])
    fabric.pass(1)
    assert.deepEqual(names(fabric), ['m1'])
    assert.deepEqual(kinds(fabric).slice(-2), ['giveUpMachine', 'removeMember'])
  })

  it('is tried again while etcd refuses, and the list says why it is none', () => {
    const parcel = several()
    assert.ok(parcel.several)
    parcel.several.memberFault = { code: 'ServerBusy', message: 'etcd: too many learners.' }
    const fabric = joined(fabricOf(parcel), candidate('m2'))
    fabric.pass(6_000)
    assert.deepEqual(kinds(fabric), ['addMember', 'addMember', 'addMember', 'addMember'])
    assert.match(machinesView(fabric)?.machines[1]?.notes[0] ?? '', /no member of etcd yet\. etcd: too many learners/)
    parcel.several.memberFault = undefined
    fabric.pass(2_000)
    assert.ok(fabric.state.stored.machine.get('m2')?.etcd)
  })

  it('goes with its machine, also after some tries; its certificates stay revoked until a year after their end', () => {
    const parcel = several()
    assert.ok(parcel.several)
    let fabric = joined(fabricOf(parcel), candidate('m2'))
    parcel.several.memberFault = { code: 'ServerBusy', message: 'etcd: unhealthy cluster.' }
    assert.ok('accepted' in fabric.ask(remove('m2')))
    fabric = fabric.restarted()
    assert.match(machinesView(fabric)?.leaving[0] ?? '', /m2 was removed; .* not yet\. etcd: unhealthy cluster/)
    parcel.several.memberFault = undefined
    fabric.pass(2_000)
    assert.deepEqual(machinesView(fabric)?.leaving, [])
    const [former] = [...fabric.state.stored.formerMachine.values()]
    assert.deepEqual(
      former?.etcdCertificates.map(({ serial }) => serial),
      ['serial of etcd of m2'],
    )
    fabric.pass(31 * day)
    assert.equal(fabric.state.stored.formerMachine.size, 1)
    fabric.pass(365 * day)
    assert.ok(fabric.state.stored.formerMachine.isEmpty())
  })
})

describe('a candidate at the address of a machine that was removed', () => {
  it('is to try again until the member of etcd of that one is gone, and has one of its own then; a host need not wait', () => {
    const parcel = several()
    assert.ok(parcel.several)
    const fabric = joined(fabricOf(parcel), candidate('m2'))
    parcel.several.memberFault = { code: 'ServerBusy', message: 'etcd: unhealthy cluster.' }
    assert.ok('accepted' in fabric.ask(remove('m2')))
    token(fabric, 'b')
    const next = { ...candidate('m3'), address: '10.9.0.2', token: digits('b') }
    const refusal = joinRefusal(fabric.state, next, fabric.now)
    assert.equal(refusal?.code, 'ServerBusy')
    assert.match(refusal.message, /of the former machine m2, at 10\.9\.0\.2, is still being removed/)
    assert.equal(joinRefusal(fabric.state, { ...next, controller: false }, fabric.now), undefined)
    fabric.tell({ kind: 'join', joiner: next })
    assert.deepEqual(names(fabric), ['m1'])
    parcel.several.memberFault = undefined
    fabric.pass(2_000)
    fabric.tell({ kind: 'join', joiner: next })
    assert.equal(fabric.state.stored.machine.get('m3')?.etcd?.member, 'id of m3')
  })
})

describe('removing a machine', () => {
  it('is refused for one that is unknown, the last candidate, the master, and one on which role instances run', () => {
    const fabric = fabricOf(several())
    assertRefused(fabric.ask(remove('m9')), /No machine is called "m9"\. The machines are: m1\./)
    assertRefused(fabric.ask(remove('m1', true)), /no other is a candidate/)
    joined(fabric, candidate('m2'))
    assertRefused(fabric.ask(remove('m1', true)), /no other is a candidate/)
    fabric.tell({ kind: 'promote', machine: 'm2' })
    assertRefused(fabric.ask(remove('m1', true)), /it is the master's/)
    twoInstances(fabric)
    assertRefused(fabric.ask(remove('M2')), /m2 answers, and has 1 role instance.*host drain m2/)
    assert.deepEqual(names(fabric), ['m1', 'm2'])
  })

  it('is refused for a candidate that runs while too few others do for a quorum, whatever is asked', () => {
    const fabric = fabricOf(several())
    for (const [name, letter] of [
      ['m2', 'a'],
      ['m3', 'b'],
    ] as const) {
      joined(fabric, candidate(name), letter)
      fabric.tell({ kind: 'promote', machine: name })
      fabric.host(name)
    }
    fabric.pass(4 * timers.heartbeatInterval)
    fabric.host('m2')
    assertRefused(
      fabric.ask(remove('m2', true)),
      /m2 cannot be removed now: m3 is away, .* Bring it back or remove it first/,
    )
    assert.deepEqual(names(fabric), ['m1', 'm2', 'm3'])
    fabric.host('m3')
    fabric.pass(4 * timers.heartbeatInterval)
    assert.ok('accepted' in fabric.ask(remove('m3', true)), 'one that is away goes')
    fabric.host('m2')
    assert.ok('accepted' in fabric.ask(remove('m2', true)), 'and then the other')
  })

  it('starts its instances elsewhere once it has had to end its own, and forgets its host with the last of them (H-38)', () => {
    let fabric = joined(fabricOf(several()), joinerOf('m2'))
    twoInstances(fabric)
    assert.ok('accepted' in fabric.ask(remove('m2', true)))
    const there = () => new Set(fabric.instances().map(({ host }) => host))
    fabric.pass(timers.hostLostAfter - 1)
    assert.deepEqual(there(), new Set(['m1', 'm2']))
    assert.deepEqual(
      fabric.view().instances.map(({ status }) => status),
      ['ReadyRole', 'RoleStateUnknown'],
    )
    fabric = fabric.restarted()
    fabric.pass(timers.hostLostAfter - 1)
    fabric.host('m1', { cores: 8 })
    assert.deepEqual(there(), new Set(['m1', 'm2']), 'a new master cannot know when it was heard')
    fabric.pass(1)
    assert.deepEqual([...new Set(fabric.instances().map(({ host }) => host))], ['m1'])
    assert.deepEqual([...fabric.state.stored.host.keys()], ['m1'])
    obey(fabric)
    assert.equal(fabric.view().status, 'Running')
  })

  it('takes a host that is drained, and one that is being drained by force: its operation has an end', () => {
    for (const force of [false, true]) {
      const fabric = joined(fabricOf(several()), joinerOf('m2'))
      twoInstances(fabric)
      fabric.ask({ kind: 'drainHost', host: 'm2' }, digits('d').slice(32))
      if (!force) {
        fabric.acknowledge([...fabric.state.observed.leaving.keys()])
        obey(fabric)
        fabric.pass(timers.settleTime)
      }
      assert.ok('accepted' in fabric.ask(remove('m2', force)))
      for (let round = 0; round < (force ? 7 : 3); round++) {
        obey(fabric)
        fabric.pass(timers.settleTime)
      }
      assert.equal(fabric.operation(digits('d').slice(32)).status, force ? 'Failed' : 'Succeeded')
      assert.deepEqual([...fabric.state.stored.host.keys()], ['m1'])
      assert.deepEqual(
        fabric.view().instances.map(({ status }) => status),
        ['ReadyRole', 'ReadyRole'],
      )
    }
  })

  it('is no silence of hosts: the brake stays off, and who was removed while it is on is healed all the same (H-39)', () => {
    const fabric = fabricOf(several())
    const others = ['m2', 'm3', 'm4', 'm5', 'm6'].map((name) => joinerOf(name))
    others.forEach((joiner, at) => void joined(fabric, joiner, 'abcde'[at]))
    twoInstances(fabric)
    for (const { name } of others.slice(1)) fabric.host(name, { faultDomain: 1 })
    for (const { name } of others.slice(1)) fabric.ask(remove(name, true))
    assert.ok(fabric.state.stored.brake.isEmpty())
    assert.deepEqual([...fabric.state.stored.host.keys()].toSorted(), ['m1', 'm2'])
  })

  it('waits for room, over a new master too; nobody takes the name meanwhile', () => {
    let fabric = joined(fabricOf(several()), joinerOf('m2'))
    twoInstances(fabric, 1)
    fabric.ask(remove('m2', true))
    fabric = fabric.restarted()
    fabric.pass(timers.hostLostAfter)
    fabric.host('m1', { cores: 1 })
    assert.deepEqual([...fabric.state.stored.host.keys()].toSorted(), ['m1', 'm2'])
    token(fabric, 'b')
    const back = joinerOf('m2', { token: digits('b') })
    assert.match(joinRefusal(fabric.state, back, fabric.now)?.message ?? '', /wait for room elsewhere/)
    fabric.host('m1', { cores: 2 })
    assert.deepEqual([...fabric.state.stored.host.keys()], ['m1'])
    assert.equal(joinRefusal(fabric.state, back, fabric.now), undefined)
  })
})

/** One on each of m1 and m2. */
function twoInstances(fabric: Fabric, cores = 8): void {
  fabric.host('m1', { cores })
  fabric.host('m2', { cores, faultDomain: 1 })
  fabric.ask(createShop)
  fabric.ask(createDeployment())
  obey(fabric)
  assert.deepEqual(
    fabric
      .instances()
      .map(({ host }) => host)
      .toSorted(),
    ['m1', 'm2'],
  )
}

describe('the certificate of a machine, after a restore (A-33)', () => {
  const hour = 3_600_000
  const restoredAt = Date.UTC(2026, 0, 20)
  const restoration = {
    takenAt: new Date(restoredAt - 10 * day).toISOString(),
    restoredAt: new Date(restoredAt).toISOString(),
    cleared: [],
  }
  const shown = { name: 'host:m2', fingerprint: digits('f'), signedAt: restoredAt - 5 * day }
  const fabric = joined(fabricOf(several()), joinerOf('m2'))
  const known = keep(fabric.state, put('machine', 'm2', { ...machineOf(fabric, 'm2'), joinedAt: 0 }))
  const restored = keep(known, put('restoration', 'fabric', restoration))

  it('is believed when the machine got it between the backup and the restore, for the records cannot know it', () => {
    assert.equal(isBelieved(known, shown), false)
    assert.equal(isBelieved(restored, shown), true)
  })

  it('is not when it is older or newer than that, or of nobody in the records, or of no machine', () => {
    for (const other of [
      { signedAt: restoredAt - 11 * day },
      { signedAt: restoredAt + hour },
      { name: 'host:m7' },
      { name: 'controller' },
      { name: 'front-end' },
      { name: 'host:' },
    ])
      assert.equal(isBelieved(restored, { ...shown, ...other }), false, JSON.stringify(other))
  })

  it('is not when another machine has joined under the name since', () => {
    const again = keep(restored, put('machine', 'm2', { ...machineOf(fabric, 'm2'), joinedAt: restoredAt + hour }))
    assert.equal(isBelieved(again, shown), false)
  })
})

function machineOf({ state }: Fabric, name: string): MachineRecord {
  return state.stored.machine.get(name) as MachineRecord
}
