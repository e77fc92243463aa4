/** Whatever is wrong with one deployment's records, everybody else goes on, and it can be deleted (F-27): the whole house over a damaged store. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { controller } from '../../src/fabric/controller/agent.ts'
import { asideWords } from '../../src/fabric/controller/history/set-aside.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import { deploymentSubject } from '../../src/fabric/controller/subject.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import type { MasterStore } from '../../src/kernel/store.ts'
import { incarnations } from '../../src/sim/checkers/incarnations.ts'
import { nobodyWaits } from '../../src/sim/checkers/nobody-waits.ts'
import { onePlace } from '../../src/sim/checkers/one-place.ts'
import { operations } from '../../src/sim/checkers/operations.ts'
import { readyInRotation } from '../../src/sim/checkers/ready-in-rotation.ts'
import { setAside } from '../../src/sim/checkers/set-aside.ts'
import { controllerName, subscriptionId } from '../../src/sim/controller/process.ts'
import { unsettled } from '../../src/sim/settled.ts'
import type { World } from '../../src/sim/world.ts'
import { storeBatch } from '../fabric/store-batch.ts'
import { minuteMs, running, stateOf, withState } from './running.ts'

type Damage = (record: { readonly table: string; readonly value: DeploymentRecord & InstanceRecord }) => unknown

function deployment(change: (record: DeploymentRecord) => unknown): Damage {
  return ({ table, value }) => (table === 'deployment' ? change(value) : value)
}

function instance(change: (record: InstanceRecord) => unknown): Damage {
  return ({ table, value }) => (table === 'instance' ? change(value) : value)
}

const version = (record: DeploymentRecord, change: object) => ({
  ...record,
  versions: { 1: { ...record.versions[1], ...change } },
})

/** What no reader lets in. */
const damages: Readonly<Record<string, Damage>> = {
  'a version that is not there': deployment((record) => ({ ...record, current: 7 })),
  'no version at all': deployment((record) => ({ ...record, versions: {} })),
  'no configuration': deployment((record) => version(record, { configuration: null })),
  'numbers that are no list': deployment((record) => version(record, { numbers: { Web: 99_999_999_999 } })),
  'a package that is nowhere': deployment((record) => version(record, { packageSha256: 'x', roots: {} })),
  'an update to nowhere': deployment((record) => ({
    ...record,
    update: { id: 'x', kind: 'upgrade', mode: 'Auto', target: 99, domain: 0, state: 'During' },
  })),
  'an update of nothing': deployment((record) => ({ ...record, update: {} })),
  'servicing of nobody': deployment((record) => ({ ...record, servicing: { domain: 0 } })),
  'a size that nobody knows': instance((record) => ({ ...record, size: 'Colossal' })),
  'a size that is no text': instance((record) => ({ ...record, size: 99_999_999_999 })),
  'no ports': instance((record) => ({ ...record, ports: {} })),
  'a version of an instance that is not there': instance((record) => ({ ...record, version: 12 })),
}

/** Records of which not even the owner can be said: they stay stored, and the pool says so. */
const unreadable: Readonly<Record<string, unknown>> = {
  'deployment/nobody': null,
  'deployment/nobody2': { id: 'nobody2' },
  'instance/nobody.x': 7,
  'nonsense/x': { a: 1 },
  'operation/x': {},
  'event/999999999999': 'x',
  'host/': {},
}

/** Two services that run; the records of `shop` become what they must not be while no controller runs. */
function damaged(damage: Damage): { readonly world: World; readonly shopId: string } {
  // The others hold against the stored records what cannot hold of damaged ones.
  const world = running([setAside, incarnations, onePlace, readyInRotation, operations])
  const { frontEnd, clock } = world
  const shopId = stateOf(world).stored.deployment.first()?.id ?? ''
  frontEnd.send({ kind: 'createService', service: 'blog', label: '', extendedProperties: {} })
  world.runUntil(clock.now() + 1_000)
  const roles = [{ name: 'Web', instances: 2, httpPort: 80 }]
  frontEnd.send(world.upload({ name: 'blog', roles }, { service: 'blog', slot: 'Production', start: true }))
  world.runUntil(clock.now() + 2 * minuteMs)
  // In this building a defect is chosen, as in a storm.
  for (const subject of [deploymentSubject(shopId), 'pool']) world.poison.give(controllerName, subject, 'decide')
  world.poison.endAll()
  world.controller.kill()
  const store = opened(world)
  const isShop = (key: string) => key.includes(shopId)
  storeBatch(
    store,
    ...[...store.load()].flatMap(([key, value]) => {
      const table = key.slice(0, key.indexOf('/'))
      if (!isShop(key) || (table !== 'deployment' && table !== 'instance')) return []
      return [{ key, value: damage({ table, value: value as DeploymentRecord & InstanceRecord }) }]
    }),
  )
  world.controller.start()
  world.runUntil(clock.now() + minuteMs)
  return { world, shopId }
}

/** The store, as somebody else opens it. */
function opened({ vault }: World): MasterStore {
  assert.ok(vault.open)
  return vault.open({ whenRunning: (run) => run(), died: (error) => assert.fail(error as Error) })
}

/** What is not settled of anybody else. */
function ofOthers(world: World, shopId: string): readonly string[] {
  const state = stateOf(world)
  const stored = { ...state.stored, deployment: state.stored.deployment.delete(shopId) }
  return unsettled(withState(world, () => ({ ...state, stored })))
}

describe('a deployment whose records are damaged', () => {
  for (const [name, damage] of Object.entries(damages))
    it(`by ${name} is set aside, harms nobody, and can be deleted`, () => {
      const { world, shopId } = damaged(damage)
      const { frontEnd, clock, hosts } = world
      const words = asideWords(stateOf(world), deploymentSubject(shopId))
      assert.match(words ?? 'not set aside', /^Set aside because of a defect in the fabric: \w*Error: /)
      assert.deepEqual(ofOthers(world, shopId), [])
      const guests = [...hosts.values()].flatMap(({ machine }) => machine.guests())
      assert.equal(guests.filter(({ key }) => key.startsWith(shopId)).length, 2, 'what ran runs on')
      const views = answerView(stateOf(world), 'services', { subscriptionId }, clock.now())
      const shop = views.find(({ name }) => name === 'shop')?.deployments[0]
      assert.ok(shop)
      assert.ok(shop.warnings.some((one) => one.includes(words ?? '')))
      assert.ok(shop.instances.every(({ details }) => details.includes('Set aside')))
      answerView(stateOf(world), 'hosts', {}, clock.now())

      frontEnd.send({ kind: 'deleteDeployment', deployment: { service: 'shop', slot: 'Production' } })
      world.runUntil(clock.now() + 2 * minuteMs)
      world.controller.start()
      world.runUntil(clock.now() + minuteMs)
      assert.deepEqual(unsettled(world), [])
      assert.equal(stateOf(world).stored.deployment.size, 1)
      assert.equal(stateOf(world).observed.thrown.size, 0)
    })

  it('beyond recognition stays stored and stops nobody', () => {
    const world = running()
    world.poison.give(controllerName, 'pool', 'decide')
    for (const subject of ['deployment/nobody', 'deployment/nobody2', 'host/'])
      world.poison.give(controllerName, subject, 'decide')
    world.poison.endAll()
    const store = opened(world)
    storeBatch(store, ...Object.entries(unreadable).map(([key, value]) => ({ key, value })))
    world.controller.start()
    world.runUntil(world.clock.now() + minuteMs)
    assert.deepEqual(unsettled(world), [])
    const kept = new Set([...opened(world).load()].map(([key]) => key))
    assert.deepEqual(
      Object.keys(unreadable).filter((key) => !kept.has(key)),
      [],
    )
  })
})

describe('a poisoned deployment', () => {
  for (const during of ['decide', 'settle'] as const)
    it(`whose ${during} throws is taken up again when that ends`, () => {
      const world = running()
      const { poison, frontEnd, clock } = world
      const subject = deploymentSubject(stateOf(world).stored.deployment.first()?.id ?? '')
      poison.give(controllerName, subject, during)
      const deployment = { service: 'shop', slot: 'Production' } as const
      frontEnd.send({ kind: 'updateDeploymentStatus', deployment, status: 'Suspended' })
      world.runUntil(clock.now() + minuteMs)
      assert.ok(stateOf(world).observed.thrown.has(subject))
      poison.endAll()
      world.runUntil(clock.now() + 2 * minuteMs)
      assert.deepEqual(unsettled(world), [])
      assert.equal(stateOf(world).observed.thrown.size, 0)
      const kinds = [...stateOf(world).stored.event.values()].map(({ kind }) => kind)
      assert.equal(kinds.filter((kind) => kind === 'SetAside').length, 1)
      assert.equal(kinds.filter((kind) => kind === 'TakenUpAgain').length, 1)
    })
})

describe('the checkers of setting aside complain', () => {
  it('when a subject is set aside that nobody has chosen', () => {
    const world = running()
    const checker = setAside(world)
    assert.match(
      checker.check([{ kind: 'defect', party: 'host-0', subject: 'host', during: 'decide', threw: 'Error: x' }]).join(),
      /host-0 has a defect about host in decide: Error: x/,
    )
    const thrown = controller.setAside(stateOf(world), 'pool', 'Error: x', 0).state
    assert.match(
      setAside(withState(world, () => thrown))
        .check([])
        .join(),
      /pool is set aside/,
    )
  })

  it('when somebody waits while another one is set aside', () => {
    const world = running()
    const { clock, poison } = world
    const state = stateOf(world)
    const [first] = [...state.stored.deployment.values()]
    assert.ok(first)
    // What is due for the deployment and never begun: it is to be deleted, and the state stays as it is.
    const stuck = {
      ...state,
      stored: {
        ...state.stored,
        deployment: state.stored.deployment.set(first.id, { ...first, wanted: 'Deleted' as const }),
      },
    }
    poison.give(controllerName, 'pool', 'decide')
    const checker = nobodyWaits(withState(world, () => stuck))
    const found: string[] = []
    for (let i = 0; i < 20; i++) {
      found.push(...checker.check([]))
      world.runUntil(clock.now() + 250)
    }
    assert.match(found[0] ?? '', /takeOut .* has been due for 1500 ms/)
  })
})
