/** What an update or servicing waits for, in words, and until when; what instances and deployments are said to be: rows over one deployment (U-10, U-29, U-35, U-37, T-3, T-9). */

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Map } from 'immutable'
import { party } from '../../src/fabric/contract/paths.ts'
import { finish } from '../../src/fabric/controller/deployment/finish.ts'
import { leave } from '../../src/fabric/controller/rotation/leave.ts'
import { stepOut } from '../../src/fabric/controller/rotation/step-out.ts'
import { refreshServing } from '../../src/fabric/controller/seen/serving.ts'
import { deploymentStatusOf, statusOf } from '../../src/fabric/controller/seen/status.ts'
import { drain } from '../../src/fabric/controller/servicing/drain.ts'
import { servicingProgress } from '../../src/fabric/controller/servicing/progress.ts'
import { underWay } from '../../src/fabric/controller/servicing/under-way.ts'
import { beginWords, outWords, stepWords, toldWords } from '../../src/fabric/controller/servicing/words.ts'
import { versionOf } from '../../src/fabric/controller/state/find.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { ServicingRecord } from '../../src/fabric/controller/state/records/servicing.ts'
import type { UpdateRecord } from '../../src/fabric/controller/state/records/update.ts'
import { type Balancer, type FabricState, type Observed, observe } from '../../src/fabric/controller/state/state.ts'
import {
  hasSettled,
  inStatus,
  movedBy,
  recycling,
  relapsed,
  unsettled,
} from '../../src/fabric/controller/update/gate.ts'
import { progressOf } from '../../src/fabric/controller/update/progress.ts'
import { listed, prepareWords, tellWords } from '../../src/fabric/controller/update/words.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import type { OsFamily } from '../../src/service-model/operating-systems.ts'
import { deployed, timers } from './fabric.ts'

const fabric = deployed()
const { now } = fabric
const [first, second] = fabric.instances() as [InstanceRecord, InstanceRecord]
const base = fabric.deployment()
const { settleTime, roleReadyTimeout, recycleThreshold, rotationOutLimit, drainLimit } = timers

const update: UpdateRecord = {
  id: 'u',
  kind: 'upgrade',
  from: 1,
  target: 2,
  mode: 'Auto',
  domains: 2,
  domain: 0,
  state: 'Before',
  released: 1,
  since: now,
  onFailure: 'hold',
}

interface Situation {
  readonly deployment?: Partial<DeploymentRecord>
  readonly first?: Partial<InstanceRecord>
  readonly second?: Partial<InstanceRecord>
  readonly reports?: readonly [Partial<InstanceReport> | undefined, Partial<InstanceReport> | undefined]
  readonly observed?: Partial<Observed>
  /** Since when each is Ready, before now; undefined: it is not. */
  readonly ready?: readonly [number | undefined, number | undefined]
  readonly serviced?: string
}

/** Two Ready instances of two domains; what is said is otherwise. */
function stateIn({
  deployment = {},
  reports = [{}, {}],
  observed = {},
  ready = [settleTime, settleTime],
  serviced,
  ...more
}: Situation) {
  const instances = [
    { ...first, ...more.first },
    { ...second, ...more.second },
  ]
  const { stored, observed: seen } = fabric.state
  const state: FabricState = {
    ...fabric.state,
    stored: {
      ...stored,
      deployment: stored.deployment.set(base.id, { ...base, ...deployment }),
      instance: stored.instance.merge(instances.map((one) => [one.key, one])),
      host: stored.host.map((host) => (host.name === serviced ? { ...host, drain: { operation: 'x' } } : host)),
    },
    derived: { ...fabric.state.derived, serviced },
  }
  const said = instances.flatMap(({ key }, index) => {
    const report = seen.reports.get(key)
    const change = reports[index]
    return report && change ? [[key, { ...report, ...change }] as const] : []
  })
  const since = instances.flatMap(({ key }, index) => {
    const ms = ready[index]
    return ms === undefined ? [] : [[key, now - ms] as const]
  })
  const next = observe(state, { reports: Map(said), readySince: Map(since), ...observed })
  return { state: next, instances, deployment: { ...base, ...deployment } }
}

const busy = { status: 'BusyRole', details: 'it works' } as const

describe('what an update waits for', () => {
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    unsettledFor: unknown,
    relapsedFor: string | undefined,
  ])[] = [
    ['nothing, when all have settled', {}, undefined, undefined],
    [
      'the settle time',
      { ready: [settleTime, settleTime - 5] },
      [`waits until all are Ready for ${settleTime / 1_000} s`, now + 5],
      undefined,
    ],
    [
      'one that is not Ready',
      { ready: [undefined, settleTime], reports: [busy, {}] },
      ['Web_IN_0 is BusyRole (it works): waits until it is Ready', undefined],
      'Web_IN_0 is BusyRole (it works) in a domain that was walked: waits until it is Ready again',
    ],
    [
      'several that are not',
      { ready: [undefined, undefined], reports: [busy, { status: 'StartingRole' }] },
      ['Web_IN_0 is BusyRole (it works) and Web_IN_1 is StartingRole: waits until they are Ready', undefined],
      'Web_IN_0 is BusyRole (it works) and Web_IN_1 is StartingRole in a domain that was walked: waits until they are Ready again',
    ],
    [
      'one that is Ready as it was before',
      { ready: [undefined, settleTime] },
      ['Web_IN_0 has not begun: waits until it is Ready', undefined],
      'Web_IN_0 has not begun in a domain that was walked: waits until it is Ready again',
    ],
    [
      'one that failed since',
      { reports: [{ failures: 1 }, {}] },
      undefined,
      'Web_IN_0 failed after the domain was walked: waits until they have settled',
    ],
    ['none that failed in a run before', { reports: [{ failures: 1, revision: 0 }, {}] }, undefined, undefined],
    [
      'none that is to stand still',
      {
        ready: [undefined, undefined],
        first: { told: { ...first.told, run: 'Stopped' } },
        second: { told: { ...second.told, run: 'Stopped' } },
      },
      undefined,
      undefined,
    ],
  ]
  for (const [what, situation, waits, again] of rows)
    it(what, () => {
      const { state, instances } = stateIn(situation)
      const found = unsettled(state, instances, now)
      assert.deepEqual(found && [found.text, found.until], waits)
      assert.equal(relapsed(state, instances)?.text, again)
    })

  it('is over for one that has been Ready for the settle time without a failure', () => {
    const settled = (situation: Situation) =>
      hasSettled(stateIn(situation).state, { ...first, ...situation.first }, now)
    assert.deepEqual(
      [
        {},
        { ready: [settleTime - 1, 0] },
        { ready: [undefined, 0] },
        { reports: [{ failures: 1 }, {}] },
        { reports: [undefined, {}] },
      ].map((one) => settled(one as Situation)),
      [true, false, false, false, true],
    )
  })

  it('is given up for one that has failed so many times in this run (U-37)', () => {
    const who = (failures: number, change: Partial<InstanceReport> = {}, told = {}) => {
      const { state, instances } = stateIn({
        reports: [{}, { failures, ...change }],
        second: { told: { ...second.told, ...told } },
      })
      return recycling(state, instances)?.name
    }
    assert.equal(who(recycleThreshold), 'Web_IN_1')
    assert.equal(who(recycleThreshold - 1), undefined)
    assert.equal(who(recycleThreshold, { revision: 0 }), undefined)
    assert.equal(who(recycleThreshold, {}, { run: 'Stopped' }), undefined)
  })

  it('concerns whom it has moved: of its single role, and of others whom it has stopped or who were Ready (U-16, U-17, U-42)', () => {
    const moved = (change: Partial<InstanceRecord>, role?: string) => {
      const { state, deployment } = stateIn({ first: { movedBy: 'u', ...change }, second: { movedBy: 'other' } })
      return movedBy(state, deployment, { ...update, role }).map(({ name }) => name)
    }
    assert.deepEqual(moved({}), ['Web_IN_0'])
    assert.deepEqual(moved({ movedBy: undefined }), [])
    assert.deepEqual(moved({}, 'Web'), ['Web_IN_0'])
    assert.deepEqual(moved({ told: { ...first.told, revision: 4, runRevision: 4 } }, 'Other'), ['Web_IN_0'])
    const toldAlone = { told: { ...first.told, revision: 4, runRevision: 3 } }
    assert.deepEqual(moved(toldAlone, 'Other'), [])
    assert.deepEqual(moved({ ...toldAlone, wasReady: true }, 'Other'), ['Web_IN_0'])
  })
})

describe('the progress of an update', () => {
  const [v1] = Object.values(base.versions)
  assert.ok(v1)
  const v2 = { ...v1, roots: { Web: { packageSha256: 'sha2', since: 2, size: 'Small' } } }
  const versions = { 1: v1, 2: v2 }
  const moved = { version: 2, movedBy: 'u' }
  const prepared = { prepared: 'sha2' }
  const during = { ...update, state: 'During' } as const
  const servicing = { cause: { host: 'a' }, domain: 0, stage: 'Down', instances: [], begunAt: 0, since: 0 } as const
  const late = { since: now - roleReadyTimeout }
  const place = 'upgrade, domain 0 of 2'
  const rows: readonly (readonly [
    when: string,
    update: Partial<UpdateRecord>,
    situation: Situation,
    kind: string,
    text: string,
    until?: number,
  ])[] = [
    [
      'servicing is under way',
      {},
      { deployment: { servicing } },
      'wait',
      `${place}: waits for the end of drain of a, domain 0`,
    ],
    ['a domain is to be called for', { released: -1 }, {}, 'wait', `${place}: waits for Walk Upgrade Domain 0`],
    ['its domain was called for', { released: 0 }, { reports: [prepared, {}] }, 'begin', `${place}: begins`],
    [
      'who is left may not stop yet',
      { domain: 2, released: 2 },
      { first: moved },
      'wait',
      'waits until Web_IN_1 may stop',
    ],
    [
      'who is left may not be told yet',
      { kind: 'configuration', domain: 2, released: 2 },
      {},
      'wait',
      'waits until Web_IN_0 and Web_IN_1 may be told',
    ],
    [
      'nobody of the domain is left',
      {},
      { first: moved },
      'pass',
      `${place}: passed over, no role instance is concerned`,
    ],
    [
      'the next role root is not prepared',
      {},
      {},
      'wait',
      `${place}: waits for the new role root of Web_IN_0`,
      now + roleReadyTimeout,
    ],
    [
      'it cannot be prepared',
      {},
      { reports: [{ prepareFault: 'no space' }, {}] },
      'wait',
      `${place}: waits for the new role root of Web_IN_0; Web_IN_0 cannot prepare it: no space`,
      now + roleReadyTimeout,
    ],
    [
      'its host is lost and prepares nothing',
      {},
      { observed: { lost: fabric.state.observed.lost.add('a') } },
      'begin',
      `${place}: begins`,
    ],
    [
      'one of a domain that was walked is down',
      { domain: 1 },
      { first: moved, ready: [undefined, 0], reports: [busy, prepared] },
      'wait',
      'upgrade, domain 1 of 2: Web_IN_0 is BusyRole (it works) in a domain that was walked: waits until it is Ready again',
      now + roleReadyTimeout,
    ],
    [
      'one of a domain that was walked is down, and it is to go on',
      { domain: 1, onFailure: 'continue' },
      { first: moved, ready: [undefined, 0], reports: [busy, prepared] },
      'begin',
      'upgrade, domain 1 of 2: begins',
    ],
    [
      'the domain has begun and is not told',
      during,
      {},
      'wait',
      `${place}: waits until Web_IN_0 may stop`,
      now + roleReadyTimeout,
    ],
    [
      'the domain settles',
      during,
      { first: moved, ready: [5, 0] },
      'wait',
      `${place}: waits until all are Ready for ${settleTime / 1_000} s`,
      now + settleTime - 5,
    ],
    [
      'the domain settles at its limit',
      { ...during, since: now - roleReadyTimeout + 3 },
      { first: moved, ready: [5, 0] },
      'wait',
      `${place}: waits until all are Ready for ${settleTime / 1_000} s`,
      now + 3,
    ],
    [
      'the domain has settled',
      during,
      { first: moved },
      'pass',
      `${place}: walked, all of its role instances concerned have been Ready for ${settleTime / 1_000} s`,
    ],
    [
      'the domain stands still',
      during,
      { first: { ...moved, told: { ...first.told, run: 'Stopped' } } },
      'pass',
      `${place}: walked, its role instances have the new version and stand still`,
    ],
    [
      'its time is over',
      { ...during, ...late },
      { first: moved, ready: [undefined, 0], reports: [busy, {}] },
      'fail',
      `The ${place}, was not walked within ${roleReadyTimeout / 1_000} s: Web_IN_0 is BusyRole (it works): waits until it is Ready. It stays in this domain: roll it back, or upgrade to a version that works.`,
    ],
    [
      'its time is over, and it is to be rolled back',
      { ...during, ...late, onFailure: 'rollback' },
      { first: moved, ready: [undefined, 0], reports: [busy, {}] },
      'fail',
      `The ${place}, was not walked within ${roleReadyTimeout / 1_000} s: Web_IN_0 is BusyRole (it works): waits until it is Ready. It is rolled back.`,
    ],
    [
      'its time is over, and it is to go on',
      { ...during, ...late, onFailure: 'continue' },
      { first: moved, ready: [undefined, 0], reports: [busy, {}] },
      'pass',
      `${place}: Web_IN_0 is BusyRole (it works): waits until it is Ready; goes on after roleReadyTimeout, as was asked`,
    ],
    [
      'its time is over, and it is held already',
      { ...during, ...late, held: { code: 'x', message: 'y' } },
      { first: moved, ready: [undefined, 0], reports: [busy, {}] },
      'wait',
      `${place}: Web_IN_0 is BusyRole (it works): waits until it is Ready`,
    ],
    [
      'one has failed too often',
      during,
      { first: moved, ready: [undefined, 0], reports: [{ ...busy, failures: recycleThreshold }, {}] },
      'fail',
      `Role instances recycled a certain amount of times during an update or upgrade operation: Web_IN_0 failed ${recycleThreshold} times in a row (${place}). Last seen: it works The new version of the service or its configuration prevents role instances from running. It stays in this domain: roll it back, or upgrade to a version that works.`,
    ],
    [
      'one has failed too often, and it is to go on',
      { ...during, onFailure: 'continue' },
      { first: moved, ready: [undefined, 0], reports: [{ ...busy, failures: recycleThreshold }, {}] },
      'wait',
      `${place}: Web_IN_0 is BusyRole (it works): waits until it is Ready`,
      now + roleReadyTimeout,
    ],
    [
      'all are moved',
      { domain: 2 },
      { first: moved, second: moved },
      'end',
      'the upgrade is complete: no role instance is left at another version',
    ],
    [
      'all are moved, and one is in no version to come',
      { domain: 2 },
      { first: moved, deployment: { versions: { 1: v1, 2: { ...v2, numbers: { Web: [0] } } } } },
      'remove',
      'Web_IN_1 removed: no version to come has them',
    ],
    [
      'all are moved, and one goes',
      { domain: 2 },
      {
        first: moved,
        second: { going: true },
        deployment: { versions: { 1: v1, 2: { ...v2, numbers: { Web: [0] } } } },
      },
      'wait',
      'waits until Web_IN_1 is gone',
    ],
    [
      'all are moved, and two go',
      { domain: 2 },
      {
        first: { going: true },
        second: { going: true },
        deployment: { versions: { 1: v1, 2: { ...v2, numbers: { Web: [] } } } },
      },
      'wait',
      'waits until Web_IN_0 and Web_IN_1 are gone',
    ],
  ]
  for (const [when, change, situation, kind, text, until] of rows)
    it(`when ${when}: ${kind}`, () => {
      const whole = { ...update, ...change }
      const { state, deployment } = stateIn({
        ...situation,
        deployment: { versions, update: whole, current: 2, ...situation.deployment },
      })
      const found = progressOf(state, deployment, whole, now)
      assert.deepEqual([found.kind, found.text, 'until' in found ? found.until : undefined], [kind, text, until])
    })
})

describe('a step of servicing that is under way', () => {
  const drain = { cause: { host: 'a' }, domain: 0, instances: [first.key], begunAt: 0, since: now } as const
  const down: ServicingRecord = { ...drain, stage: 'Down' }
  const leaving: ServicingRecord = { ...drain, stage: 'Leaving' }
  const back: ServicingRecord = { ...drain, stage: 'Back' }
  const release: ServicingRecord = { ...drain, cause: { release: 'r' }, stage: 'Down' }
  const [words, releaseWords] = ['drain of a, domain 0', 'guest OS r, domain 0']
  const stopped: Situation = {
    first: { told: { ...first.told, run: 'Stopped' } },
    reports: [{ status: 'StoppedVM' }, {}],
    ready: [undefined, 0],
    serviced: 'a',
  }
  const started = now - 7
  const rows: readonly (readonly [
    when: string,
    servicing: ServicingRecord,
    situation: Situation,
    kind: string,
    text: string,
    until?: number,
  ])[] = [
    ['its host has been given back', down, { serviced: 'b' }, 'release', `${words}: the host has been given back`],
    [
      'nothing is there any more',
      down,
      { serviced: 'a', first: { host: 'b' } },
      'release',
      `${words}: nothing of it is on the host any more`,
    ],
    [
      'one of it goes',
      down,
      { serviced: 'a', first: { going: true } },
      'release',
      `${words}: nothing of it is on the host any more`,
    ],
    ['one still runs', down, { serviced: 'a' }, 'wait', `${words}: waits for the stop of Web_IN_0`],
    [
      'one was told and has not said it',
      down,
      { ...stopped, reports: [{ status: 'StoppedVM', revision: 0 }, {}] },
      'wait',
      `${words}: waits for the stop of Web_IN_0`,
    ],
    ['all stand still', down, stopped, 'wait', `${words}: waits until a is given back`],
    ['all stand still, to leave', leaving, stopped, 'move', `${words}: Web_IN_0 stopped, to start on another host`],
    [
      'all stand still, and there is no room',
      leaving,
      { ...stopped, observed: { lost: fabric.state.observed.lost.add('b') } },
      'release',
      `${words}: no other host has room for Web_IN_0 any more`,
    ],
    [
      'it comes back and is not told',
      back,
      { first: { epochs: { ...first.epochs, guest: 2 } } },
      'wait',
      `${words}: waits until Web_IN_0 may stop or start`,
    ],
    ['it is back', back, {}, 'end', `${words}: all of its role instances are back`],
    [
      'it is not Ready yet',
      back,
      { ready: [undefined, 0], reports: [busy, {}], first: { runSince: started, tasksSince: undefined } },
      'wait',
      `${words}: Web_IN_0 is BusyRole (it works): waits until it is Ready`,
      now + roleReadyTimeout,
    ],
    [
      'it is not Ready yet, at its tasks',
      back,
      { ready: [undefined, 0], reports: [busy, {}], first: { runSince: now + 9, tasksSince: started } },
      'wait',
      `${words}: Web_IN_0 is BusyRole (it works): waits until it is Ready`,
      started + roleReadyTimeout,
    ],
    [
      'it was placed anew since',
      back,
      { ready: [undefined, 0], reports: [busy, {}], first: { runSince: now + 9, tasksSince: undefined } },
      'wait',
      `${words}: Web_IN_0 is BusyRole (it works): waits until it is Ready`,
      now + 9 + roleReadyTimeout,
    ],
    [
      'it settles',
      back,
      { ready: [3, 0], first: { tasksSince: now } },
      'wait',
      `${words}: waits until all are Ready for ${settleTime / 1_000} s`,
      now - 3 + settleTime,
    ],
    [
      'its time is over',
      back,
      { ready: [undefined, 0], reports: [busy, {}], first: { tasksSince: now - roleReadyTimeout } },
      'end',
      `${words}: goes on, although Web_IN_0 is BusyRole (it works) after roleReadyTimeout`,
    ],
    [
      'a new master has not heard of it',
      back,
      {
        ready: [undefined, 0],
        reports: [undefined, {}],
        first: { tasksSince: now - roleReadyTimeout },
        observed: { synchronised: fabric.state.observed.synchronised.clear() },
      },
      'wait',
      `${words}: Web_IN_0 is RoleStateUnknown: waits until it is Ready`,
      Number.POSITIVE_INFINITY,
    ],
    [
      'its release comes, and all have settled',
      release,
      { first: { release: 'r' } },
      'end',
      `${releaseWords}: all of its role instances are back`,
    ],
    ['its release is to come', release, {}, 'wait', `${releaseWords}: waits until Web_IN_0 may stop or start`],
  ]
  for (const [when, servicing, situation, kind, text, until] of rows)
    it(`when ${when}: ${kind}`, () => {
      const { state, deployment } = stateIn({ ...situation, deployment: { servicing } })
      const found = underWay(state, deployment, servicing, now)
      assert.deepEqual(
        [found.kind, 'text' in found && found.text, 'until' in found ? found.until : undefined],
        [kind, text, until],
      )
    })
})

describe('what servicing needs next of a deployment', () => {
  const servicing = {
    cause: { host: 'a' },
    domain: 0,
    stage: 'Down',
    instances: [first.key],
    begunAt: 0,
    since: now,
  } as const
  const onA = { second: { host: 'a' } } as const
  const [v1] = Object.values(base.versions)
  assert.ok(v1)
  const versions = { 1: v1, 2: { ...v1, roots: { Web: { packageSha256: 'sha2', since: 2, size: 'Small' } } } }
  const upgrading = { update, versions }
  const old = { release: 'WA-GUEST-OS-0.1' }
  const catalogue = { family: 1, releases: ['new', 'WA-GUEST-OS-0.1'] } as unknown as OsFamily
  const wait = 'waits for the end of an update of v1: upgrade, domain 0 of 2: waits for the new role root of Web_IN_0'
  const mustLeave =
    'Web_IN_1 of v1 must start on another host first, being of another upgrade domain than Web_IN_0, and no other host has room. Add a host, or make room'
  const full = { lost: fabric.state.observed.lost.add('b') }
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    release: boolean,
    kind: string,
    text: string | undefined,
    step?: object,
  ])[] = [
    ['nothing is serviced', {}, false, 'idle', undefined],
    ['another host is', { serviced: 'c' }, false, 'idle', undefined],
    ['all there goes', { serviced: 'a', first: { going: true } }, false, 'idle', undefined],
    [
      'it is read',
      { serviced: 'a', deployment: { request: { packageUrl: '', configuration: '', treatWarningsAsError: false } } },
      false,
      'idle',
      undefined,
    ],
    ['it is deleted', { serviced: 'a', deployment: { wanted: 'Deleted' } }, false, 'idle', undefined],
    [
      'its host is',
      { serviced: 'a' },
      false,
      'begin',
      'drain of a, domain 0: Web_IN_0 stops until the host is given back',
      { domain: 0, instances: [first.key], cause: { host: 'a' }, stage: 'Down' },
    ],
    [
      'its host is, and has two domains',
      { serviced: 'a', ...onA },
      false,
      'begin',
      'drain of a, domain 1: Web_IN_1 stops, to start on another host, since another upgrade domain stays',
      { domain: 1, instances: [second.key], cause: { host: 'a' }, stage: 'Leaving' },
    ],
    [
      'its host is, and has two domains, and there is no room',
      { serviced: 'a', ...onA, observed: full },
      false,
      'full',
      mustLeave,
    ],
    [
      'its host is, and there was no room',
      { serviced: 'a', ...onA, observed: { ...full, unmoved: Map([[base.id, fabric.state.observed.room]]) } },
      false,
      'wait',
      mustLeave,
    ],
    ['its host is, and it is updated', { serviced: 'a', deployment: upgrading }, false, 'wait', wait],
    [
      'its host is, and its update is held',
      { serviced: 'a', deployment: { ...upgrading, update: { ...update, held: { code: 'x', message: 'y' } } } },
      false,
      'wait',
      'waits for the end of an update of v1: upgrade, domain 0 of 2: held until its owner rolls it back or upgrades again',
    ],
    [
      'its host is, and an upgrade is read',
      { serviced: 'a', deployment: { upgrading: {} as DeploymentRecord['upgrading'] } },
      false,
      'wait',
      'waits for an upgrade of v1 whose package is being read',
    ],
    [
      'there is a release',
      { first: old, second: old },
      true,
      'begin',
      'guest OS new, domain 0: Web_IN_0 stops and starts with it',
      { domain: 0, instances: [first.key], cause: { release: 'new' }, stage: 'Back' },
    ],
    [
      'there is a release, which one has',
      { first: { release: 'new' }, second: old },
      true,
      'begin',
      'guest OS new, domain 1: Web_IN_1 stops and starts with it',
      { domain: 1, instances: [second.key], cause: { release: 'new' }, stage: 'Back' },
    ],
    [
      'there is a release, and one goes',
      { first: { ...old, going: true }, second: { release: 'new' } },
      true,
      'idle',
      undefined,
    ],
    [
      'there is a release, and a host has not reported',
      {
        first: old,
        second: old,
        reports: [undefined, {}],
        observed: { synchronised: fabric.state.observed.synchronised.delete('a') },
      },
      true,
      'wait',
      'waits until a has reported',
    ],
    [
      'there is a release, and no host has reported',
      {
        first: old,
        second: old,
        reports: [undefined, undefined],
        observed: { synchronised: fabric.state.observed.synchronised.clear() },
      },
      true,
      'wait',
      'waits until a and b have reported',
    ],
    [
      'there is a release, and its host is serviced',
      { serviced: 'a', first: old, second: old },
      true,
      'begin',
      'drain of a, domain 0: Web_IN_0 stops until the host is given back',
      { domain: 0, instances: [first.key], cause: { host: 'a' }, stage: 'Down' },
    ],
    [
      'there is a release, and its host waits for room',
      {
        serviced: 'a',
        first: old,
        second: { ...old, host: 'a' },
        observed: { ...full, unmoved: Map([[base.id, fabric.state.observed.room]]) },
      },
      true,
      'begin',
      'guest OS new, domain 0: Web_IN_0 stops and starts with it',
      { domain: 0, instances: [first.key], cause: { release: 'new' }, stage: 'Back' },
    ],
    [
      'a step is under way',
      { serviced: 'a', deployment: { servicing } },
      false,
      'wait',
      'drain of a, domain 0: waits for the stop of Web_IN_0',
    ],
  ]
  for (const [when, situation, release, kind, text, step] of rows)
    it(`when ${when}: ${kind}`, () => {
      const { state, deployment } = stateIn(situation)
      const facts = { ...state.facts, osFamilies: release ? [catalogue] : [] }
      const found = servicingProgress({ ...state, facts }, deployment, now)
      assert.deepEqual([found.kind, 'text' in found ? found.text : undefined], [kind, text])
      assert.deepEqual('step' in found ? found.step : undefined, step)
    })

  it('is drained when all that is on it stands still, until it is given back', () => {
    const stopped = {
      first: { told: { ...first.told, run: 'Stopped' } },
      reports: [{ status: 'StoppedVM' }, {}],
    } as const
    const declared = (situation: Situation, drained = false) => {
      const { state } = stateIn({ serviced: 'a', ...situation })
      const host = state.stored.host.get('a')
      assert.ok(host)
      return drain(state, drained ? { ...host, drain: { operation: 'x', drainedAt: now } } : host).actions.length > 0
    }
    const still = { ...stopped, deployment: { servicing } }
    assert.equal(declared(still), true)
    assert.equal(declared(still, true), false)
    assert.equal(declared({ ...still, observed: { lost: fabric.state.observed.lost.add('a') } }), false)
    assert.equal(declared({ deployment: { servicing } }), false)
    assert.equal(declared({ ...stopped, deployment: { servicing: { ...servicing, stage: 'Leaving' } } }), false)
    assert.equal(declared({ ...stopped, deployment: { servicing: { ...servicing, instances: [] } } }), false)
    assert.equal(declared({ ...still, reports: [{ status: 'StoppingVM' }, {}] }), false)
    assert.equal(declared({ ...still, serviced: 'c' }), false)
  })
})

describe('an instance that is to leave rotation', () => {
  const leaving = (since: number, version = fabric.state.observed.rotation.version) => ({
    leaving: fabric.state.observed.leaving.set(first.key, { since, version }),
  })
  const { version } = fabric.state.observed.rotation
  const known = (balancer: Balancer) => ({
    balancers: fabric.state.observed.balancers.set(party.loadBalancer, balancer),
  })
  const said = (acknowledged: number, drained: readonly string[] = [], polling = false) => ({
    ...known({ polling, report: { balancer: 'b', acknowledged, drained, boundPorts: {}, probedOut: {}, failed: {} } }),
  })
  const rows: readonly (readonly [
    when: string,
    observed: Partial<Observed>,
    change: Partial<InstanceRecord>,
    step: unknown,
  ])[] = [
    ['is in it', said(version), {}, 'takeOut'],
    [
      'has just left it, of which no balancer knows',
      { ...leaving(now), ...known({ polling: false }) },
      {},
      now + rotationOutLimit,
    ],
    [
      'has just left it, and the balancer asks',
      { ...leaving(now), ...known({ polling: true }) },
      {},
      now + rotationOutLimit + drainLimit,
    ],
    [
      'left it long ago, and no balancer said so',
      { ...leaving(now - rotationOutLimit), ...known({ polling: false }) },
      { inRotation: false },
      'tell',
    ],
    [
      'left it just so long ago that no balancer is waited for, with requests in flight',
      { ...leaving(now - rotationOutLimit), ...known({ polling: false }) },
      {},
      now - rotationOutLimit + drainLimit,
    ],
    [
      'has left it, of which an older table says nothing',
      { ...leaving(now), ...said(version - 1) },
      {},
      now + rotationOutLimit,
    ],
    [
      'has left it, of which another master heard',
      { ...leaving(now), ...said(version + 1) },
      {},
      now + rotationOutLimit,
    ],
    ['has left it, with requests in flight', { ...leaving(now), ...said(version) }, {}, now + drainLimit],
    [
      'has left it, with requests in flight for as long as they may',
      { ...leaving(now - drainLimit), ...said(version) },
      {},
      'tell',
    ],
    ['has left it, without requests in flight', { ...leaving(now), ...said(version, [first.key]) }, {}, 'tell'],
    ['has left it, and was not Ready', { ...leaving(now), ...said(version) }, { inRotation: false }, 'tell'],
  ]
  for (const [when, observed, change, step] of rows)
    it(`that ${when}`, () => {
      const { state, deployment, instances } = stateIn({ observed, first: change })
      assert.deepEqual(stepOut(state, deployment, instances[0] as InstanceRecord, now), step)
    })
})

describe('what is due for instances whose hosts know something else', () => {
  const [v1] = Object.values(base.versions)
  assert.ok(v1)
  const during: UpdateRecord = { ...update, mode: 'Simultaneous', state: 'During' }
  const package2 = { ...v1, roots: { Web: { packageSha256: 'sha2', since: 2, size: 'Small' } } }
  const setting = {
    ...v1,
    configuration: {
      ...v1.configuration,
      roles: v1.configuration.roles.map((one) => ({ ...one, settings: { A: '1' } })),
    },
  }
  const { package: found } = versionOf(fabric.state, base, 1)
  const packages = fabric.state.stored.package.set('sha2', { ...found, sha256: 'sha2' })
  const later = { epochs: { ...first.epochs, guest: 2 } }
  const drain = {
    cause: { host: 'a' },
    domain: 0,
    stage: 'Down',
    instances: [first.key],
    begunAt: 0,
    since: now,
  } as const
  const out = (...keys: readonly string[]) => ({
    leaving: Map(
      keys.map((one) => [one, { since: now - drainLimit, version: fabric.state.observed.rotation.version }]),
    ),
  })
  const both = out(first.key, second.key)
  const asked = {
    waiting: [
      { operation: 'r1', until: { told: first.key } },
      { operation: 'r2', until: { told: first.key } },
      { operation: 'r3', until: { told: second.key } },
    ],
  } as const
  const all = 'Web_IN_0 and Web_IN_1'
  const rows: readonly (readonly [when: string, situation: Situation, does: readonly (readonly string[])[]])[] = [
    ['all is told', {}, []],
    [
      'it is read',
      { deployment: { request: { packageUrl: '', configuration: '', treatWarningsAsError: false } }, first: later },
      [],
    ],
    [
      'it is suspended',
      { deployment: { wanted: 'Suspended' } },
      [['takeOut', 'the deployment is suspended: out of rotation first', all]],
    ],
    [
      'it is suspended, out of rotation',
      { deployment: { wanted: 'Suspended' }, observed: both },
      [['tell', 'the deployment is suspended', all]],
    ],
    [
      'it is suspended, one out of rotation',
      { deployment: { wanted: 'Suspended' }, observed: out(first.key) },
      [
        ['takeOut', 'the deployment is suspended: out of rotation first', 'Web_IN_1'],
        ['tell', 'the deployment is suspended', 'Web_IN_0'],
      ],
    ],
    [
      'it is deleted',
      { deployment: { wanted: 'Deleted' } },
      [['takeOut', 'the deployment is deleted: out of rotation first', all]],
    ],
    [
      'one goes',
      { first: { going: true } },
      [['takeOut', 'the role instance is removed from the deployment: out of rotation first', 'Web_IN_0']],
    ],
    [
      'one is to be rebooted',
      { first: later },
      [['takeOut', 'reboot asked for before: out of rotation first', 'Web_IN_0']],
    ],
    [
      'two are, for several requests',
      { first: later, second: later, deployment: asked },
      [
        ['takeOut', 'reboot asked for by request r1 and r2: out of rotation first', 'Web_IN_0'],
        ['takeOut', 'reboot asked for by request r3: out of rotation first', 'Web_IN_1'],
      ],
    ],
    [
      'its host is drained',
      { deployment: { servicing: drain } },
      [['takeOut', 'drain of a, domain 0: Web_IN_0 out of rotation first', 'Web_IN_0']],
    ],
    [
      'its host is drained, out of rotation',
      { deployment: { servicing: drain }, observed: both },
      [
        ['takeBack', 'the role instances are not to stop any more: back in rotation', 'Web_IN_1'],
        ['tell', 'drain of a, domain 0: Web_IN_0 stops until the host is given back', 'Web_IN_0'],
      ],
    ],
    [
      'its host is drained, and it is to be rebooted',
      { deployment: { servicing: drain }, first: later },
      [['takeOut', 'drain of a, domain 0: Web_IN_0 out of rotation first; and reboot asked for before', 'Web_IN_0']],
    ],
    [
      'its host is drained, and it goes',
      { deployment: { servicing: drain }, first: { going: true } },
      [['takeOut', 'the role instance is removed from the deployment: out of rotation first', 'Web_IN_0']],
    ],
    [
      'its host is drained, and it is suspended',
      { deployment: { servicing: drain, wanted: 'Suspended' } },
      [
        ['takeOut', 'the deployment is suspended: out of rotation first', 'Web_IN_0'],
        ['takeOut', 'the deployment is suspended: out of rotation first', 'Web_IN_1'],
      ],
    ],
    [
      'a package comes',
      { deployment: { update: during, versions: { 1: v1, 2: package2 } } },
      [['takeOut', `upgrade, all domains: ${all} out of rotation first`, all]],
    ],
    [
      'a package comes, one out of rotation',
      { deployment: { update: during, versions: { 1: v1, 2: package2 } }, observed: out(first.key) },
      [['takeOut', 'upgrade, all domains: Web_IN_1 out of rotation first', 'Web_IN_1']],
    ],
    [
      'a package comes, out of rotation',
      { deployment: { update: during, versions: { 1: v1, 2: package2 } }, observed: both },
      [['tell', `upgrade, all domains: ${all} stop together and start with the new role root`, all]],
    ],
    [
      'a setting comes',
      { deployment: { update: during, versions: { 1: v1, 2: setting } } },
      [['tell', `upgrade, all domains: ${all} get the new configuration without a stop`, all]],
    ],
    [
      'it was taken back',
      { observed: out(second.key) },
      [['takeBack', 'the role instances are not to stop any more: back in rotation', 'Web_IN_1']],
    ],
  ]
  for (const [when, situation, does] of rows)
    it(`when ${when}`, () => {
      const { state, deployment } = stateIn(situation)
      const known = { ...state, stored: { ...state.stored, package: packages } }
      const decided = leave(known, deployment, now).actions.map((action) => [
        action.kind,
        action.reason,
        'instances' in action ? listed(action.instances.map((one) => one.replace(`${base.id}.`, ''))) : '',
      ])
      assert.deepEqual(decided, does)
    })

  it('is asked again when the first wait ends', () => {
    const since = (one: number, other: number) => ({
      leaving: Map([
        [first.key, { since: now - one, version: fabric.state.observed.rotation.version }],
        [second.key, { since: now - other, version: fabric.state.observed.rotation.version }],
      ]),
    })
    const { state, deployment } = stateIn({ deployment: { wanted: 'Suspended' }, observed: since(7, 5) })
    assert.deepEqual(leave(state, deployment, now), { actions: [], wakeAt: now - 7 + drainLimit })
    assert.equal(leave(stateIn({}).state, base, now).wakeAt, undefined)
  })

  it('ends an operation when what it waited for has come', () => {
    const [op1, op2] = ['r1', 'r2']
    const over = (waiting: DeploymentRecord['waiting'], situation: Situation = {}) => {
      const { state, deployment } = stateIn({ ...situation, deployment: { ...situation.deployment, waiting } })
      const { actions, wakeAt } = finish(state, deployment, now)
      return [actions.flatMap((action) => (action.kind === 'finish' ? action.operations : [])), wakeAt]
    }
    const told = [
      { operation: op1, until: { told: first.key } },
      { operation: op2, until: { told: second.key } },
    ] as const
    assert.deepEqual(over(told), [[op1, op2], undefined])
    assert.deepEqual(over(told, { first: later }), [[op2], undefined])
    assert.deepEqual(over(told, { first: { told: { ...first.told, runRevision: 2, revision: 2 } } }), [
      [op2],
      undefined,
    ])
    assert.deepEqual(
      over(told, { first: { told: { ...first.told, runRevision: 2, revision: 2 } }, reports: [busy, {}] }),
      [[op1, op2], undefined],
    )
    assert.deepEqual(over([{ operation: op1, until: { told: 'gone' } }]), [[op1], undefined])
    const running = [{ operation: op1, until: 'running' }] as const
    assert.deepEqual(over(running), [[op1], 0])
    assert.deepEqual(over(running, { deployment: { resumedAt: now }, first: { readyOnce: false } }), [
      [],
      now + roleReadyTimeout,
    ])
    const suspended = [{ operation: op1, until: 'suspended' }] as const
    const stopped = { told: { ...first.told, run: 'Stopped' } } as const
    assert.deepEqual(over(suspended, { first: stopped }), [[], undefined])
    assert.deepEqual(over(suspended, { first: stopped, second: stopped }), [[op1], undefined])
    for (const until of ['placed', 'fetched', 'updated', 'walked', 'gone'] as const)
      assert.deepEqual(over([{ operation: op1, until }], { first: stopped, second: stopped }), [[], undefined], until)
  })
})

describe('the status', () => {
  const { observed } = fabric.state
  const unheard = observed.synchronised.clear()
  const lost = observed.lost.add('a')
  const gone = { told: { ...first.told, run: 'Gone' } } as const
  const stopped = { told: { ...first.told, run: 'Stopped' } } as const
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    status: string,
    details: string,
    power: string,
  ])[] = [
    ['as its host says', { reports: [busy, {}] }, 'BusyRole', 'it works', 'Started'],
    ['of a lost host', { observed: { lost } }, 'RoleStateUnknown', 'The host a has not been heard from.', 'Unknown'],
    [
      'of a lost host, and there is no room',
      { observed: { lost, unhealed: observed.unhealed.set('a', 0) } },
      'RoleStateUnknown',
      'The host a has not been heard from, and no other host has room for the role instance.',
      'Unknown',
    ],
    [
      'of whom nobody has heard',
      { reports: [undefined, {}], observed: { synchronised: unheard } },
      'RoleStateUnknown',
      '',
      'Unknown',
    ],
    [
      'of whom its host has heard before it has said all',
      { reports: [busy, {}], observed: { synchronised: unheard } },
      'BusyRole',
      'it works',
      'Started',
    ],
    ['of one that its host does not have yet', { reports: [undefined, {}] }, 'Preparing', '', 'Starting'],
    [
      'of one that its host does not have, and that stands still',
      { reports: [undefined, {}], first: stopped },
      'Preparing',
      '',
      'Stopped',
    ],
    ['of one that goes and has gone', { reports: [undefined, {}], first: gone }, 'DeletingVM', '', 'Stopped'],
    [
      'of one that goes and stands still',
      { reports: [{ status: 'StoppedVM', powerState: 'Stopped' }, {}], first: gone },
      'DeletingVM',
      '',
      'Stopped',
    ],
    ['of one that goes and still runs', { reports: [busy, {}], first: gone }, 'BusyRole', 'it works', 'Started'],
    [
      'of one that stands still',
      { reports: [{ status: 'StoppedVM', powerState: 'Stopped' }, {}], first: stopped },
      'StoppedVM',
      '',
      'Stopped',
    ],
  ]
  for (const [when, situation, status, details, powerState] of rows)
    it(`${when}: ${status}`, () => {
      const { state, instances } = stateIn(situation)
      const found = statusOf(state, instances[0] as InstanceRecord)
      assert.deepEqual([found.status, found.details, found.powerState], [status, details, powerState])
    })

  const added = { addedIn: 2, readyOnce: false } as const
  const none: Situation['reports'] = [undefined, {}]
  const both = { first: stopped, second: { told: { ...second.told, run: 'Stopped' } } } as const
  const deployments: readonly (readonly [when: string, situation: Situation, status: string])[] = [
    ['runs', {}, 'Running'],
    ['is deleted', { deployment: { wanted: 'Deleted', update } }, 'Deleting'],
    [
      'is read',
      { deployment: { request: { packageUrl: '', configuration: '', treatWarningsAsError: false } } },
      'Deploying',
    ],
    ['is updated', { deployment: { update } }, 'RunningTransitioning'],
    ['gets an instance', { first: added, reports: none }, 'RunningTransitioning'],
    ['got an instance that starts', { first: added }, 'Running'],
    ['got an instance that was Ready once', { first: { ...added, readyOnce: true }, reports: none }, 'Running'],
    ['has an instance placed anew', { first: { ...added, placement: 2 }, reports: none }, 'Running'],
    ['has an instance that it began with', { first: { readyOnce: false }, reports: none }, 'Running'],
    ['stops', { deployment: { wanted: 'Suspended' } }, 'Suspending'],
    ['stops in part', { deployment: { wanted: 'Suspended' }, first: stopped }, 'Suspending'],
    ['stands still', { deployment: { wanted: 'Suspended' }, ...both }, 'Suspended'],
    ['stands still and is updated', { deployment: { wanted: 'Suspended', update }, ...both }, 'SuspendedTransitioning'],
    ['starts', { deployment: { resumedAt: now - roleReadyTimeout + 1 }, first: { readyOnce: false } }, 'Starting'],
    [
      'has had its time to start',
      { deployment: { resumedAt: now - roleReadyTimeout }, first: { readyOnce: false } },
      'Running',
    ],
    ['has started', { deployment: { resumedAt: now } }, 'Running'],
  ]
  for (const [when, situation, status] of deployments)
    it(`of a deployment that ${when}: ${status}`, () => {
      const { state, deployment } = stateIn(situation)
      assert.equal(deploymentStatusOf(state, deployment, now), status)
    })
})

describe('what is in rotation, and since when', () => {
  const { observed } = fabric.state
  const [key] = [first.key]
  const told = (change: Partial<InstanceRecord['told']>) => ({ told: { ...first.told, ...change } })
  const ago = now - settleTime
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    inRotation: boolean,
    readySince: number | undefined,
    change?: Partial<InstanceRecord>,
  ])[] = [
    ['it is Ready as before', {}, true, ago],
    ['it has become Ready', { first: { inRotation: false }, ready: [undefined, settleTime] }, true, now],
    [
      'it has become Ready for the first time',
      { first: { inRotation: false, readyOnce: false, tasksSince: undefined }, ready: [undefined, settleTime] },
      true,
      now,
      { readyOnce: true, tasksSince: now },
    ],
    ['it is Busy', { reports: [busy, {}] }, false, undefined],
    ['it is Ready as it was before its run', { first: told({ revision: 2, runRevision: 2 }) }, false, undefined],
    ['it is Ready as it was before a setting', { first: told({ revision: 2 }) }, true, undefined],
    ['it is Ready and to stand still', { first: told({ run: 'Stopped' }) }, false, undefined],
    ['its host is lost', { observed: { lost: observed.lost.add('a') } }, false, undefined],
    [
      'its host has not said yet what it has',
      { reports: [undefined, {}], observed: { synchronised: observed.synchronised.clear() } },
      true,
      undefined,
    ],
    ['its host does not have it', { reports: [undefined, {}] }, false, undefined],
    [
      'it begins its tasks',
      { reports: [{ status: 'StartingRole' }, {}], first: { tasksSince: undefined } },
      false,
      undefined,
      { tasksSince: now },
    ],
    [
      'it is at its tasks still',
      { reports: [{ status: 'BusyRole' }, {}], first: { tasksSince: 5 } },
      false,
      undefined,
      { tasksSince: 5 },
    ],
    [
      'it is not at its tasks yet',
      { reports: [{ status: 'CreatingRole' }, {}], first: { tasksSince: undefined } },
      false,
      undefined,
      { tasksSince: undefined },
    ],
    [
      'it was at its tasks in a run before',
      {
        reports: [{ status: 'BusyRole' }, {}],
        first: { tasksSince: undefined, ...told({ revision: 2, runRevision: 2 }) },
      },
      false,
      undefined,
      { tasksSince: undefined },
    ],
    ['it has an account', { reports: [{ account: 7 }, {}] }, true, ago, { account: 7 }],
    ['its host says nothing of its account any more', { first: { account: 7 } }, true, ago, { account: undefined }],
    [
      'its host says nothing of it',
      { first: { account: 7 }, reports: [undefined, {}] },
      false,
      undefined,
      { account: 7 },
    ],
  ]
  for (const [when, situation, inRotation, readySince, change = {}] of rows)
    it(`when ${when}`, () => {
      const { state, instances } = stateIn(situation)
      const next = refreshServing(state, [key, 'nobody'], now)
      const record = next.stored.instance.get(key)
      assert.deepEqual(record, { ...instances[0], inRotation, ...change })
      assert.equal(next.observed.readySince.get(key), readySince)
      assert.equal(next.observed.readySince.get(second.key), ago)
    })

  it('is written anew only where something is another', () => {
    const { state } = stateIn({})
    assert.equal(refreshServing(state, [first.key, second.key], now).stored, state.stored)
  })
})

describe('the words', () => {
  const names = (count: number) => Array.from({ length: count }, (_, number) => `W${number}`)
  it('name ten, and of more the number', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((count) => listed(names(count))),
      ['', 'W0', 'W0 and W1', 'W0, W1 and W2'],
    )
    assert.equal(listed(names(10)), `${names(9).join(', ')} and W9`)
    assert.equal(listed(names(11)), `${names(10).join(', ')} and 1 more`)
    assert.equal(inStatus(stateIn({ reports: [busy, {}] }).state, [first]), 'Web_IN_0 is BusyRole (it works)')
  })

  it('say of one, and of several, what an update does to them', () => {
    const said = (count: number) => [
      tellWords(update, 'package', names(count)),
      tellWords({ ...update, mode: 'Simultaneous' }, 'system', names(count)),
      tellWords({ ...update, kind: 'configuration' }, 'certificates', names(count)),
      tellWords(update, 'settings', names(count)),
      tellWords(update, 'none', names(count)),
      prepareWords(update, names(count)),
    ]
    assert.deepEqual(said(1), [
      'upgrade, domain 0 of 2: W0 stops and starts with the new role root',
      'upgrade, all domains: W0 stops and starts with the new guest operating system',
      'configuration change, domain 0 of 2: W0 recycles with the new certificates',
      'upgrade, domain 0 of 2: W0 gets the new configuration without a stop',
      'upgrade, domain 0 of 2: W0 stays as it is',
      'upgrade, domain 0 of 2: the new role root is prepared for W0 while it runs on',
    ])
    assert.deepEqual(said(2), [
      'upgrade, domain 0 of 2: W0 and W1 stop together and start with the new role root',
      'upgrade, all domains: W0 and W1 stop together and start with the new guest operating system',
      'configuration change, domain 0 of 2: W0 and W1 recycle with the new certificates',
      'upgrade, domain 0 of 2: W0 and W1 get the new configuration without a stop',
      'upgrade, domain 0 of 2: W0 and W1 stay as they are',
      'upgrade, domain 0 of 2: the new role root is prepared for W0 and W1 while they run on',
    ])
  })

  it('say of one, and of several, what servicing does to them', () => {
    const [drain, release] = [
      { cause: { host: 'a' }, domain: 0 },
      { cause: { release: 'r' }, domain: 1 },
    ] as const
    const said = (count: number) => [
      beginWords({ ...drain, stage: 'Down' }, names(count)),
      beginWords({ ...drain, stage: 'Leaving' }, names(count)),
      toldWords({ ...drain, stage: 'Down' }, names(count)),
      toldWords({ ...drain, stage: 'Back' }, names(count)),
      toldWords({ ...release, stage: 'Back' }, names(count)),
      outWords({ ...release, stage: 'Down' }, names(count)),
    ]
    assert.deepEqual(said(1), [
      'drain of a, domain 0: W0 stops until the host is given back',
      'drain of a, domain 0: W0 stops, to start on another host, since another upgrade domain stays',
      'drain of a, domain 0: W0 stops until the host is given back',
      'drain of a, domain 0: W0 starts again',
      'guest OS r, domain 1: W0 stops and starts with it',
      'guest OS r, domain 1: W0 out of rotation first',
    ])
    assert.deepEqual(said(2), [
      'drain of a, domain 0: W0 and W1 stop until the host is given back',
      'drain of a, domain 0: W0 and W1 stop, to start on another host, since another upgrade domain stays',
      'drain of a, domain 0: W0 and W1 stop until the host is given back',
      'drain of a, domain 0: W0 and W1 start again',
      'guest OS r, domain 1: W0 and W1 stop and start with it',
      'guest OS r, domain 1: W0 and W1 out of rotation first',
    ])
    assert.equal(stepWords(drain), 'drain of a, domain 0')
  })
})
