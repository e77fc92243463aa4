/** What becomes of something of which the deployment was deleted meanwhile, or about which nothing can be decided (B-3, U-66, F-27). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide } from '../../src/fabric/controller/decide.ts'
import { forget } from '../../src/fabric/controller/deployment/forget.ts'
import { settleFetch } from '../../src/fabric/controller/deployment/settle-fetch.ts'
import { healed } from '../../src/fabric/controller/places/heal.ts'
import { homelessOn } from '../../src/fabric/controller/places/homeless.ts'
import { settle } from '../../src/fabric/controller/settle.ts'
import { drop as dropOf, keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { deploymentSubject } from '../../src/fabric/controller/subject.ts'
import { deployed, shipped, shippedPackage } from './fabric.ts'

const { state, now, deployment, instances } = deployed()
const { id } = deployment()
const request = { packageUrl: 'http://blobs/p', configuration: '' } as unknown as DeploymentRecord['request']

function withDeployment(change: Partial<DeploymentRecord>, from = state): FabricState {
  return keep(from, put('deployment', id, { ...deployment(), ...change }))
}

describe('a package that has been read', () => {
  const fetch = { kind: 'fetchPackage', key: 'k', reason: '', url: '' } as const
  const outcome = { kind: 'fetched', result: { ok: true, value: shippedPackage(shipped()) } } as const
  const rows: readonly [when: string, from: FabricState, deployment: string][] = [
    ['for a deployment that was deleted meanwhile', withDeployment({ request, wanted: 'Deleted' }), id],
    ['for an upgrade of one that was deleted meanwhile', withDeployment({ wanted: 'Deleted' }), id],
    ['for a deployment that asks for none any more', state, id],
    ['for a deployment that has gone', state, 'gone'],
  ]
  for (const [when, from, of] of rows)
    it(`${when} changes nothing, and the pool may drop it`, () =>
      assert.deepEqual(settleFetch(from, { ...fetch, deployment: of }, now, outcome), {
        state: from,
        touched: ['pool'],
      }))
})

describe('a package that was dropped', () => {
  const { sha256 } = shippedPackage(shipped())
  const drop = { kind: 'dropPackage', key: 'k', reason: '', sha256 } as const
  const holds = (from: FabricState) => settle(from, drop, { kind: 'done' }, now).state.stored.package.has(sha256)
  const unused = keep(state, dropOf('deployment', id))

  it('stays when it was asked for again while a holder did not answer', () => {
    assert.deepEqual([holds(unused), holds(state), holds(withDeployment({ request }))], [false, true, true])
  })
})

describe('instances that are to go are forgotten', () => {
  const reasons = (from: FabricState) =>
    forget(from, from.stored.deployment.get(id) as DeploymentRecord, now).actions.map(({ reason }) => reason)
  const gone = instances().map((one) => put('instance', one.key, { ...one, told: { ...one.told, run: 'Gone' } }))
  const going = keep(withDeployment({ wanted: 'Deleted' }), ...gone)

  it('at once where their host is lost (U-66)', () => {
    const lost = going.observed.lost.add('a')
    assert.deepEqual(reasons(going), [])
    assert.deepEqual(reasons({ ...going, observed: { ...going.observed, lost } }), [
      'the host that should delete them is lost',
    ])
  })

  it('with their deployment where there are none', () => {
    const none = { ...state.derived, instancesOf: state.derived.instancesOf.delete(id) }
    assert.deepEqual(reasons({ ...withDeployment({ wanted: 'Deleted' }), derived: none }), [
      'nothing of the deployment is left',
    ])
  })

  it('where how they leave cannot be decided, once their deployment is deleted (F-27)', () => {
    const [one] = instances()
    assert.ok(one)
    const damaged = keep(state, put('instance', one.key, { ...one, told: undefined as never }))
    const forgotten = (from: FabricState) =>
      decide(from, deploymentSubject(id), now).actions.flatMap((action) =>
        action.kind === 'forget' ? [[action.instances, action.reason]] : [],
      )
    assert.deepEqual(forgotten(withDeployment({ wanted: 'Suspended' }, damaged)), [])
    const [[keys, words] = []] = forgotten(withDeployment({ wanted: 'Deleted' }, damaged))
    assert.deepEqual(
      keys,
      instances().map(({ key }) => key),
    )
    assert.match(String(words), /^the deployment is deleted, and how it leaves cannot be decided: TypeError/)
    const inOrder = withDeployment({ wanted: 'Deleted', waiting: null as never })
    assert.deepEqual(forgotten(inOrder), [], 'what cannot be thought through is only who waits for it')
  })
})

describe('who starts elsewhere when a host stays away (H-16)', () => {
  const [one] = instances()
  assert.ok(one)
  const told = (run: InstanceRecord['told']['run']) => ({ told: { ...one.told, run } })
  const rows: readonly [
    who: string,
    change: Partial<InstanceRecord>,
    wanted: DeploymentRecord['wanted'],
    lost: boolean,
    drained: boolean,
  ][] = [
    ['runs', {}, 'Running', true, true],
    ['was stopped for the drain', told('Stopped'), 'Running', true, true],
    ['was suspended by its customer', told('Stopped'), 'Suspended', true, false],
    ['was told to go', told('Gone'), 'Running', false, false],
    ['is to go', { going: true }, 'Running', false, false],
  ]
  const homeless = (
    change: Partial<InstanceRecord>,
    wanted: DeploymentRecord['wanted'],
    away: 'lost' | 'drained' | 'not',
  ) => {
    const host = state.stored.host.get(one.host)
    assert.ok(host)
    const drain = { operation: 'o', since: now, drainedAt: now } as unknown as NonNullable<typeof host.drain>
    const changed = keep(
      withDeployment({ wanted }),
      put('instance', one.key, { ...one, ...change }),
      put('host', host.name, away === 'drained' ? { ...host, drain } : host),
    )
    const lost = away === 'lost' ? changed.observed.lost.add(one.host) : changed.observed.lost
    return homelessOn({ ...changed, observed: { ...changed.observed, lost } }, one.host).length === 1
  }
  for (const [who, change, wanted, lost, drained] of rows)
    it(`who ${who}: ${lost ? 'yes' : 'no'} when it is lost, ${drained ? 'yes' : 'no'} when it is drained`, () =>
      assert.deepEqual(
        (['lost', 'drained', 'not'] as const).map((away) => homeless(change, wanted, away)),
        [lost, drained, false],
      ))

  it('who cannot be thought through stays, and is set aside with the words (F-27)', () => {
    const damaged = keep(state, put('instance', one.key, { ...one, role: 'Nope' }))
    const lost = damaged.observed.lost.add(one.host)
    const from = { ...damaged, observed: { ...damaged.observed, lost } }
    const heal = { kind: 'heal', key: 'k', reason: '', host: one.host } as const
    const { stored, observed } = healed(from, heal, now).state
    assert.equal(stored.instance.get(one.key)?.host, one.host)
    assert.match(observed.thrown.get(deploymentSubject(id))?.['healing'] ?? '', /Nope/)
  })
})
