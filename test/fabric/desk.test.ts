/** What calls of hosts, load balancer and front end wait for, and how they are answered: each decision of the controller's desk. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { party } from '../../src/fabric/contract/paths.ts'
import { command } from '../../src/fabric/controller/desk/command.ts'
import { emptyDesk, type Note, noted } from '../../src/fabric/controller/desk/desk.ts'
import { goalPoll } from '../../src/fabric/controller/desk/goal-poll.ts'
import { answerLimitMs, hostAnswer, logQuestion } from '../../src/fabric/controller/desk/log-question.ts'
import type { Next, Sight } from '../../src/fabric/controller/desk/next.ts'
import { openDesk } from '../../src/fabric/controller/desk/open-desk.ts'
import { packageRequest } from '../../src/fabric/controller/desk/package-request.ts'
import { hostReport, registration, rotationReport } from '../../src/fabric/controller/desk/report.ts'
import { rotationPoll } from '../../src/fabric/controller/desk/rotation-poll.ts'
import type { Message } from '../../src/fabric/controller/message.ts'
import { pollOf } from '../../src/fabric/controller/serve/serving.ts'
import { firstVersion } from '../../src/fabric/controller/state/facts.ts'
import { goalVersionOf } from '../../src/fabric/controller/state/goal-versions.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { defectFault } from '../../src/kernel/attempt.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { createShop, deployed, type Fabric, fabricOf, production, subscriptionId, timers } from './fabric.ts'
import { parcelOf, running, upgradeTo } from './updates.ts'

/** One call, and its answer once there is one. */
interface Asked<Answer> {
  readonly answers: Answer[]
  leave(): void
}

interface Desk {
  readonly told: Message[]
  ask<Answer>(begin: (sight: Sight) => Next<Answer>): Asked<Answer>
  /** Something happens beside the calls. */
  happen(change: () => void): void
  pass(ms: number): void
  close(): void
}

const busy: Fault = { code: 'ServerBusy', message: 'Nothing can be stored.' }

/** The desk of a fabric without processes; what throws fails the test, unless `failed` takes it. With a `fault` no message changes anything. */
function deskOf(fabric: Fabric, failed?: (thrown: unknown) => void, fault?: Fault): Desk {
  const told: Message[] = []
  const timersSet = new Set<{ readonly at: number; wake(): void }>()
  const desk = openDesk({
    state: () => fabric.state,
    deliver(message, ended) {
      told.push(message)
      if (!fault) fabric.tell(message)
      ended(fault)
      desk.changed()
    },
    now: () => fabric.now,
    schedule(at, wake) {
      const timer = { at, wake }
      timersSet.add(timer)
      return () => timersSet.delete(timer)
    },
  })
  const fail = (thrown: unknown) => {
    throw thrown
  }
  return {
    told,
    ask<Answer>(begin: (sight: Sight) => Next<Answer>) {
      const answers: Answer[] = []
      const leave = desk.serve(begin, (answer) => answers.push(answer), failed ?? fail)
      return { answers, leave }
    },
    happen(change) {
      change()
      desk.changed()
    },
    pass(ms) {
      const end = fabric.now + ms
      for (;;) {
        const [next] = [...timersSet].sort((a, b) => a.at - b.at)
        if (!next || next.at > end) break
        fabric.pass(next.at - fabric.now)
        timersSet.delete(next)
        next.wake()
      }
      fabric.pass(end - fabric.now)
    },
    close: desk.close,
  }
}

const kinds = ({ told }: Desk) => told.map(({ kind }) => kind)

/** Changes the goal of a host. */
const renew = (fabric: Fabric, host: string) =>
  fabric.tell({ kind: 'ask', host, ask: { id: 'x', kind: 'log', key: '', log: '', offset: 0 } })

describe('a host that asks for its goal', () => {
  const setUp = () => {
    const fabric = deployed()
    const host = fabric.instances()[0]?.host as string
    const desk = deskOf(fabric)
    desk.ask((sight) => goalPoll(sight, host, { after: 0, waitMs: 0 }))
    return { fabric, host, desk, version: goalVersionOf(fabric.state, host) }
  }

  it('has it at once when it is newer than the one in hand, by a single version too', () => {
    const { host, desk, version } = setUp()
    const { answers } = desk.ask((sight) => goalPoll(sight, host, { after: version - 1, waitMs: 1_000 }))
    assert.deepEqual(
      answers.map((goal) => goal?.version),
      [version],
    )
  })

  it('waits for a newer one, and has it as soon as it is committed', () => {
    const { fabric, host, desk, version } = setUp()
    const { answers } = desk.ask((sight) => goalPoll(sight, host, { after: version, waitMs: 1_000 }))
    assert.equal(answers.length, 0)
    desk.happen(() => renew(fabric, host))
    assert.deepEqual(
      answers.map((goal) => goal?.version),
      [goalVersionOf(fabric.state, host)],
    )
    assert.ok(goalVersionOf(fabric.state, host) > version)
  })

  it('has no answer but that nothing came when its time is over, and just one', () => {
    const { fabric, host, desk, version } = setUp()
    const { answers } = desk.ask((sight) => goalPoll(sight, host, { after: version, waitMs: 1_000 }))
    desk.pass(999)
    assert.deepEqual(answers, [])
    desk.pass(1)
    assert.deepEqual(answers, [undefined])
    desk.happen(() => renew(fabric, host))
    assert.deepEqual(answers, [undefined])
  })

  it('that goes is given nothing, and so its version is not held for given', () => {
    const { fabric, host, desk, version } = setUp()
    const gone = desk.ask((sight) => goalPoll(sight, host, { after: version, waitMs: 1_000 }))
    gone.leave()
    assert.deepEqual(gone.answers, [undefined])
    desk.happen(() => renew(fabric, host))
    assert.deepEqual(gone.answers, [undefined])
    desk.ask((sight) => goalPoll(sight, host, { after: goalVersionOf(fabric.state, host), waitMs: 0 }))
    assert.deepEqual(kinds(desk), ['seen'])
  })

  it('says to the controller of which deployment the goal cannot be said, when that is news (F-27)', () => {
    const { fabric, host, desk } = setUp()
    const damaged = fabric.instances().find((one) => one.host === host) ?? assert.fail()
    const { stored } = fabric.state
    const instance = stored.instance.set(damaged.key, { ...damaged, version: 99 })
    fabric.state = { ...fabric.state, stored: { ...stored, instance } }
    const ask = () => desk.ask((sight) => goalPoll(sight, host, { after: 0, waitMs: 0 })).answers
    assert.deepEqual(ask()[0]?.untold, [damaged.containerId])
    assert.deepEqual(kinds(desk), ['goalGiven'])
    ask()
    assert.deepEqual(kinds(desk), ['goalGiven'], 'no news')
  })

  it('waits no longer than a minute, and not at all without a number', () => {
    const asked = (query: string) => pollOf(new URLSearchParams(query))
    assert.deepEqual(asked('after=7&wait=30000'), { after: 7, waitMs: 30_000 })
    assert.deepEqual(asked('after=7&wait=60001'), { after: 7, waitMs: 60_000 })
    assert.deepEqual(asked('wait=-1'), { after: 0, waitMs: 0 })
    assert.deepEqual(asked('after=x&wait=soon'), { after: 0, waitMs: 0 })
  })
})

describe('a version that a party has seen (A-32)', () => {
  const seen = (desk: Desk, who: string, version: number) => {
    const before = desk.told.length
    desk.ask((sight) => goalPoll(sight, who, { after: version, waitMs: 0 }))
    return desk.told.slice(before)
  }

  const first = (fabric: Fabric) => firstVersion(fabric.state.facts.epoch)

  it('is told to the controller when this master has not given it to that party', () => {
    const fabric = deployed()
    const desk = deskOf(fabric)
    desk.ask((sight) => goalPoll(sight, 'a', { after: 0, waitMs: 0 }))
    const given = goalVersionOf(fabric.state, 'a')
    assert.deepEqual(seen(desk, 'a', given), [], 'given')
    assert.deepEqual(seen(desk, 'c', first(fabric) - 1), [], 'of a former master')
    assert.deepEqual(seen(desk, 'c', given), [{ kind: 'seen', party: 'c', version: given }], 'given to another')
    assert.ok(first(fabric) > given, 'the controller has another epoch now')
    const lowest = first(fabric)
    assert.deepEqual(seen(desk, 'b', lowest), [{ kind: 'seen', party: 'b', version: lowest }])
  })

  it('is told once, even when no master can have given it and the epoch stays', () => {
    const desk = deskOf(deployed())
    assert.deepEqual(seen(desk, 'a', 2 ** 53), [{ kind: 'seen', party: 'a', version: 2 ** 53 }])
    assert.deepEqual(seen(desk, 'a', 2 ** 53), [])
    assert.deepEqual(seen(desk, 'a', Number.NaN), [], 'no number')
  })

  it('is told before the balancer has an answer, in a poll as in a report', () => {
    const fabric = deployed()
    const desk = deskOf(fabric)
    const above = fabric.state.observed.rotation.version + 1
    const { answers } = desk.ask((sight) => rotationPoll(sight, party.loadBalancer, { after: above, waitMs: 0 }))
    assert.deepEqual(kinds(desk), ['balancerPoll', 'seen'])
    assert.ok((answers[0]?.version ?? 0) > above)
    const report = { ...reportOfBalancer, acknowledged: fabric.state.observed.rotation.version + 1 }
    desk.ask((sight) => rotationReport(sight, party.loadBalancer, report))
    assert.deepEqual(kinds(desk).slice(2), ['seen', 'balancerReport'])
  })
})

const reportOfBalancer = { balancer: 'b', acknowledged: 0, drained: [], boundPorts: {}, probedOut: {}, failed: {} }

describe('a report of a host', () => {
  const reportOn = (fabric: Fabric, host: string, status: InstanceReport['status'], agentRun = 'r') => ({
    agentRun,
    number: 0,
    goalVersion: 0,
    complete: false,
    gone: [],
    instances: fabric
      .instances()
      .filter((one) => one.host === host)
      .map(({ key, told }) => ({
        key,
        revision: told.revision,
        status,
        details: '',
        powerState: 'Started' as const,
        since: fabric.now,
        failures: 0,
      })),
  })
  const setUp = () => {
    const fabric = deployed()
    const desk = deskOf(fabric)
    const tell = (status: InstanceReport['status'], agentRun?: string) =>
      desk.ask((sight) => hostReport(sight, 'a', reportOn(fabric, 'a', status, agentRun)))
    return { fabric, desk, tell, version: fabric.state.observed.rotation.version }
  }

  it('is refused until this run of its agent has registered', () => {
    const { desk, tell } = setUp()
    const { answers } = tell('ReadyRole', 'another run')
    assert.deepEqual(
      answers.map((answer) => answer?.status),
      [409],
    )
    assert.match(answers[0]?.refused.message ?? '', /host a has not registered .*: register first/)
    assert.deepEqual(desk.told, [])
  })

  it('is refused when the host was given up while it waited to be taken in: the host tells everything anew', () => {
    const fabric = deployed()
    const sight = () => ({ state: fabric.state, desk: emptyDesk })
    const next = hostReport(sight(), 'a', reportOn(fabric, 'a', 'ReadyRole'))
    assert.ok(next.kind === 'tell')
    fabric.pass(timers.hostLostAfter)
    assert.ok(fabric.state.observed.lost.has('a'))
    fabric.tell(next.message)
    const answer = next.goOn(sight(), undefined)
    assert.equal(answer.kind === 'say' && answer.answer?.status, 409)
  })

  it('by which one instance leaves the rotation is answered when the balancer has acknowledged it (L-1, H-27)', () => {
    const { fabric, desk, tell, version } = setUp()
    const { answers } = tell('RoleStateUnknown')
    assert.equal(fabric.state.observed.rotation.version, version + 1, 'one change of the rotation')
    assert.deepEqual(answers, [], 'held')
    const acknowledge = (acknowledged: number) =>
      desk.ask((sight) => rotationReport(sight, party.loadBalancer, { ...reportOfBalancer, acknowledged }))
    acknowledge(version)
    assert.deepEqual(answers, [], 'the table before')
    acknowledge(version + 1)
    assert.deepEqual(answers, [undefined])
  })

  it('is held for rotationOutLimit at the longest', () => {
    const { desk, tell } = setUp()
    const { answers } = tell('RoleStateUnknown')
    desk.pass(timers.rotationOutLimit - 1)
    assert.deepEqual(answers, [])
    desk.pass(1)
    assert.deepEqual(answers, [undefined])
  })

  it('is answered at once when it changes nothing in the rotation, or takes nobody out', () => {
    const { fabric, tell, version } = setUp()
    assert.deepEqual(tell('ReadyRole').answers, [undefined])
    assert.equal(fabric.state.observed.rotation.version, version)
    assert.deepEqual(tell('RoleStateUnknown').answers, [], 'it leaves')
    assert.deepEqual(tell('RoleStateUnknown').answers, [undefined], 'it is out already')
    const { version: out } = fabric.state.observed.rotation
    assert.deepEqual(tell('ReadyRole').answers, [undefined], 'it comes back')
    assert.ok(fabric.state.observed.rotation.version > out)
  })
})

describe('a host that asks for a package', () => {
  const asks = (fabric: Fabric, host: string, sha256: string) =>
    deskOf(fabric)
      .ask((sight) => packageRequest(sight, host, sha256))
      .answers.map((answer) => answer?.status ?? 'may')

  it('may have what an instance on it runs, and nothing else', () => {
    const fabric = deployed()
    const { host } = fabric.instances()[0] ?? assert.fail()
    assert.deepEqual(asks(fabric, host, 'sha'), ['may'])
    assert.deepEqual(asks(fabric, host, 'of another tenant'), [403])
    assert.deepEqual(asks(fabric, host, ''), [403])
  })

  it('may have nothing while it has no instance', () => {
    const fabric = deployed()
    fabric.host('empty', { faultDomain: 2 })
    assert.deepEqual(asks(fabric, 'empty', 'sha'), [403])
    assert.deepEqual(asks(fabric, 'nobody', 'sha'), [403])
  })

  it('may have the package of an upgrade when an instance on it is to prepare it, and not before', () => {
    const fabric = running({ Web: 5 }, parcelOf([{ size: 'ExtraLarge' }]))
    assert.deepEqual([...new Set(fabric.instances().flatMap(({ host }) => asks(fabric, host, 'sha2')))], [403])
    fabric.ask(upgradeTo({ Web: 5 }))
    const may = fabric.instances().filter(({ host }) => asks(fabric, host, 'sha2')[0] === 'may')
    // Of the first domain, and of the one after it.
    assert.deepEqual(
      may.map(({ upgradeDomain }) => upgradeDomain).sort((a, b) => a - b),
      [0, 1],
    )
    for (const { host } of fabric.instances()) assert.deepEqual(asks(fabric, host, 'sha'), ['may'], 'the old one runs')
  })
})

describe('the load balancer', () => {
  const setUp = () => {
    const fabric = deployed()
    const desk = deskOf(fabric)
    desk.ask((sight) => rotationPoll(sight, party.loadBalancer, { after: 0, waitMs: 0 }))
    desk.pass(timers.rotationOutLimit)
    desk.told.length = 0
    const poll = (waitMs: number) =>
      desk.ask((sight) =>
        rotationPoll(sight, party.loadBalancer, { after: fabric.state.observed.rotation.version, waitMs }),
      )
    return {
      fabric,
      desk,
      poll,
      isThere: () => fabric.state.observed.balancers.get(party.loadBalancer)?.polling ?? false,
    }
  }

  it('has the table at once when it is newer than the one in hand, by a single version too', () => {
    const { fabric, desk } = setUp()
    const { version } = fabric.state.observed.rotation
    const { answers } = desk.ask((sight) =>
      rotationPoll(sight, party.loadBalancer, { after: version - 1, waitMs: 1_000 }),
    )
    assert.deepEqual(
      answers.map((table) => table?.version),
      [version],
    )
    desk.ask((sight) => rotationPoll(sight, party.loadBalancer, { after: version, waitMs: 0 }))
    assert.deepEqual(kinds(desk), ['balancerPoll'], 'given, and so no news')
  })

  it('has it as soon as it changes, and otherwise no answer but that nothing came', () => {
    const { fabric, desk, poll } = setUp()
    const news = poll(1_000)
    assert.equal(news.answers.length, 0)
    desk.happen(() => fabric.report('RoleStateUnknown', ['a']))
    assert.deepEqual(
      news.answers.map((table) => table?.version),
      [fabric.state.observed.rotation.version],
    )
    const nothing = poll(1_000)
    desk.pass(1_000)
    assert.deepEqual(nothing.answers, [undefined])
  })

  it('is there while it polls, and for rotationOutLimit until it asks again', () => {
    const { desk, poll, isThere } = setUp()
    assert.equal(isThere(), false)
    poll(1_000)
    assert.equal(isThere(), true)
    desk.pass(1_000)
    desk.pass(timers.rotationOutLimit - 1)
    assert.equal(isThere(), true)
    desk.pass(1)
    assert.equal(isThere(), false)
    assert.deepEqual(kinds(desk), ['balancerPoll', 'balancerPoll'])
  })

  it('is there as long as one of its polls is open: the former of them ends without a word', () => {
    const { desk, poll, isThere } = setUp()
    poll(0)
    poll(2 * timers.rotationOutLimit)
    desk.pass(timers.rotationOutLimit)
    assert.equal(isThere(), true)
    assert.deepEqual(kinds(desk), ['balancerPoll'])
  })

  it('has gone at once when its connection breaks', () => {
    const { desk, poll, isThere } = setUp()
    poll(60_000).leave()
    desk.pass(0)
    assert.equal(isThere(), false)
  })
})

describe('a command', () => {
  const envelope = {
    requestId: '1'.padStart(32, '0'),
    subscriptionId,
    operationName: 'createService',
    objectId: '/',
    caller: { thumbprint: 'AA', clientAddress: '127.0.0.1' },
    command: createShop,
  }

  it('is answered with the operation that it has become, or with why not', () => {
    const desk = deskOf(fabricOf())
    const [reply] = desk.ask(() => command(envelope, 'f'.repeat(32))).answers
    assert.ok(reply && 'accepted' in reply)
    const again = { ...envelope, requestId: '2'.padStart(32, '0') }
    const [refusal] = desk.ask(() => command(again, 'f'.repeat(32))).answers
    assert.ok(refusal && 'refused' in refusal)
    assert.equal(refusal.refused.code, 'ConflictError')
  })

  it('that has changed nothing is refused with the reason, and costs nobody else an answer (F-27)', () => {
    const next = command(envelope, 'f')
    assert.ok(next.kind === 'tell')
    const said = next.goOn({ state: fabricOf().state, desk: emptyDesk }, defectFault('a defect'))
    assert.deepEqual(said, { kind: 'say', answer: { refused: defectFault('a defect') } })
  })

  it('of which nothing has become is a defect of that call alone', () => {
    const thrown: unknown[] = []
    const fabric = fabricOf()
    const desk = openDesk({
      state: () => fabric.state,
      deliver: (_, ended) => ended(undefined),
      now: () => 0,
      schedule: () => () => {},
    })
    desk.serve(
      () => command(envelope, 'f'),
      () => assert.fail('it was answered'),
      (error) => thrown.push(error),
    )
    assert.match(String(thrown), /neither accepted nor refused/)
  })
})

it('a message that has changed nothing is an error of the server for whoever sent it, to be tried again when nothing can be stored (F-27)', () => {
  const sight = { state: deployed().state, desk: emptyDesk }
  const report = { agentRun: 'r', number: 1, goalVersion: 0, complete: false, instances: [], gone: [] }
  for (const next of [registration({ ...fabricFacts, name: 'a' }), hostReport(sight, 'a', report)]) {
    assert.ok(next.kind === 'tell')
    const said = (fault?: Fault) => {
      const end = next.goOn(sight, fault)
      assert.ok(end.kind === 'say')
      return end.answer?.status
    }
    assert.deepEqual([said(), said(defectFault('a defect')), said(busy)], [undefined, 500, 503])
  }
})

describe('a registration with a subnet (A-23)', () => {
  const rows: readonly (readonly [
    when: string,
    name: string,
    subnet: string | undefined,
    refused: RegExp | undefined,
  ])[] = [
    ['of its own', 'c', '10.0.2.0/24', undefined],
    ['that it has had before', 'a', '10.0.0.0/24', undefined],
    ['that is another than before', 'a', '10.0.4.0/22', undefined],
    [
      'within another',
      'c',
      '10.0.0.128/25',
      /host c has the subnet 10\.0\.0\.128\/25, .* 10\.0\.0\.0\/24 of the host a/,
    ],
    ['around another', 'c', '10.0.0.0/16', /host c .* 10\.0\.0\.0\/24 of the host a/],
    ['of another, under a known name', 'b', '10.0.0.0/24', /host b .* of the host a/],
    ['of the fabric', 'c', '127.77.15.0/24', /host c .* 127\.77\.0\.0\/20, the fabric's own/],
    ['that it does not say', 'c', undefined, undefined],
  ]
  for (const [when, name, subnet, expected] of rows)
    it(`${when} is ${expected ? 'refused, and nothing of it is taken in' : 'taken in'}`, () => {
      const fabric = fabricOf()
      fabric.host('a', { subnet: '10.0.0.0/24' })
      fabric.host('b', { subnet: '10.0.1.0/24' })
      const before = fabric.state
      const facts = { ...fabricFacts, name, agentRun: 'again', ...(subnet !== undefined && { subnet }) }
      const [answer] = deskOf(fabric).ask(() => registration(facts)).answers
      if (!expected) {
        assert.equal(answer, undefined)
        assert.deepEqual(fabric.state.stored.host.get(name), { ...facts, inService: false, drain: undefined })
        return
      }
      assert.equal(answer?.status, 409)
      assert.match(answer?.refused.message ?? '', expected)
      assert.equal(fabric.state.stored.host, before.stored.host)
      assert.equal(fabric.state.observed.heard, before.observed.heard)
    })
})

describe('while nothing can be stored', () => {
  /** A desk whose messages change nothing. */
  function refusing(fabric: Fabric): Desk {
    return deskOf(fabric, undefined, busy)
  }

  it('a version that only another master can have given is told again with each call (A-32)', () => {
    const fabric = deployed()
    const desk = refusing(fabric)
    const version = firstVersion(fabric.state.facts.epoch + 1)
    for (let calls = 0; calls < 2; calls++) desk.ask((sight) => goalPoll(sight, 'a', { after: version, waitMs: 100 }))
    assert.deepEqual(kinds(desk), ['seen', 'seen'])
  })

  it('a poll of the balancer that could not be noted is soon over, so that it asks again, and is not counted for ever', () => {
    const fabric = deployed()
    fabric.tell({ kind: 'balancerPoll', balancer: party.loadBalancer, open: false })
    const desk = refusing(fabric)
    const poll = desk.ask((sight) => rotationPoll(sight, party.loadBalancer, { after: 0, waitMs: 60_000 }))
    assert.deepEqual(poll.answers, [])
    desk.pass(timers.rotationOutLimit)
    assert.deepEqual(poll.answers, [undefined])
    desk.pass(timers.rotationOutLimit)
    assert.deepEqual(desk.told.at(-1), { kind: 'balancerPoll', balancer: party.loadBalancer, open: false })
  })

  it('a question about a log is refused at once, to be asked again', () => {
    const desk = refusing(deployed())
    const ask = { subscriptionId, ...production, instance: 'Web_IN_0', log: 'WaAppAgent.log', offset: 0 } as never
    const [answer] = desk.ask((sight) => logQuestion(sight, ask, 'id')).answers
    assert.deepEqual(answer, { refused: busy, status: 503 })
  })
})

const fabricFacts = { cores: 8, memoryMB: 0, diskMB: 0, faultDomain: 0, bootId: 'b', agentRun: 'r', firstPort: 0 }

describe('a question about a log (G-1)', () => {
  const ask = {
    subscriptionId,
    ...production,
    instance: 'Web_IN_0',
    log: 'WaAppAgent',
    offset: 0,
  } as const
  const found = { logicalPath: 'C:\\Logs\\WaAppAgent.log', realPath: '/x', text: 'hello', nextOffset: 5 }
  const setUp = () => {
    const fabric = deployed()
    const { host } = fabric.instances().find(({ name }) => name === 'Web_IN_0') ?? assert.fail()
    const desk = deskOf(fabric)
    return { fabric, host, desk, asks: () => fabric.state.observed.asks.get(host) ?? [] }
  }

  it('goes to the host of the instance, and is answered with what that finds', () => {
    const { host, desk, asks } = setUp()
    const { answers } = desk.ask((sight) => logQuestion(sight, ask, 'q1'))
    assert.deepEqual(
      asks().map(({ id }) => id),
      ['q1'],
    )
    assert.deepEqual(answers, [])
    assert.deepEqual(desk.ask((sight) => hostAnswer(sight, host, 'q1', found)).answers, [undefined])
    assert.deepEqual(answers, [found])
    assert.deepEqual(asks(), [])
  })

  it('has no answer but null when there is no such instance', () => {
    const { desk } = setUp()
    const { answers } = desk.ask((sight) => logQuestion(sight, { ...ask, instance: 'Web_IN_9' }, 'q1'))
    assert.deepEqual(answers, [null])
    assert.deepEqual(desk.told, [])
  })

  it('of which the host says nothing in time is given up, and refused with what to do', () => {
    const { host, desk, asks } = setUp()
    const { answers } = desk.ask((sight) => logQuestion(sight, ask, 'q1'))
    desk.pass(answerLimitMs)
    const [refusal] = answers
    assert.ok(refusal && 'refused' in refusal)
    assert.equal(refusal.status, 503)
    assert.match(refusal.refused.message, /Try again later/)
    assert.deepEqual(asks(), [])
    const told = desk.told.length
    assert.deepEqual(desk.ask((sight) => hostAnswer(sight, host, 'q1', found)).answers, [undefined])
    assert.equal(desk.told.length, told, 'an answer that comes late is of no interest')
  })

  it('leaves nothing on the desk', () => {
    const { fabric } = setUp()
    const { state } = fabric
    const asked = logQuestion({ state, desk: emptyDesk }, ask, 'q1')
    const held = asked.kind === 'tell' && asked.goOn({ state, desk: emptyDesk }, undefined)
    assert.ok(held && held.kind === 'hold')
    const waiting = noted(emptyDesk, { kind: 'asked', id: 'q1' })
    const said = held.goOn({ state, desk: noted(waiting, { kind: 'found', id: 'q1', found }) }, 'so')
    assert.deepEqual(said, { kind: 'say', answer: found, notes: [{ kind: 'questionEnded', id: 'q1' }] })
    assert.equal(noted(waiting, { kind: 'questionEnded', id: 'q1' }).questions.size, 0)
    assert.equal(noted(emptyDesk, { kind: 'found', id: 'q1', found }), emptyDesk, 'nobody waits for it')
  })

  it('is answered by the host that was asked alone', () => {
    const { host, desk, asks } = setUp()
    const { answers } = desk.ask((sight) => logQuestion(sight, ask, 'q1'))
    const other = host === 'a' ? 'b' : 'a'
    desk.told.length = 0
    desk.ask((sight) => hostAnswer(sight, other, 'q1', found))
    desk.ask((sight) => hostAnswer(sight, host, 'q2', found))
    assert.deepEqual([answers, asks().length, desk.told], [[], 1, []])
  })
})

describe('the desk', () => {
  it('answers nobody any more once it is closed', () => {
    const fabric = deployed()
    const desk = deskOf(fabric)
    desk.ask((sight) => goalPoll(sight, 'a', { after: 0, waitMs: 0 }))
    const after = goalVersionOf(fabric.state, 'a')
    const { answers } = desk.ask((sight) => goalPoll(sight, 'a', { after, waitMs: 10 }))
    desk.close()
    desk.happen(() => renew(fabric, 'a'))
    desk.pass(10)
    assert.deepEqual(answers, [])
  })

  it('lets a call whose condition throws fail alone', () => {
    const thrown: unknown[] = []
    const desk = deskOf(deployed(), (error) => thrown.push(error))
    let isBad = false
    const until = () => {
      if (isBad) throw new Error('a defect')
      return false
    }
    const hold = (condition: () => boolean): Next<string> => ({
      kind: 'hold',
      until: condition,
      limitMs: 10,
      goOn: (_, end) => ({ kind: 'say', answer: end }),
    })
    const bad = desk.ask(() => hold(until))
    const good = desk.ask(() => hold(() => isBad))
    desk.happen(() => {
      isBad = true
    })
    assert.deepEqual([bad.answers, good.answers], [[], ['so']])
    assert.match(String(thrown), /a defect/)
    desk.pass(10)
    assert.equal(thrown.length, 1)
    assert.deepEqual(bad.answers, [])
  })

  it('holds for each party the highest version that it was given', () => {
    const given = (version: number): Note => ({ kind: 'given', party: party.loadBalancer, version })
    const desk = [given(5), given(9), given(7)].reduce(noted, emptyDesk)
    assert.equal(desk.given.get(party.loadBalancer), 9)
  })

  it('lets a caller go who has gone while a message was on its way', () => {
    const fabric = deployed()
    const commits: (() => void)[] = []
    const desk = openDesk({
      state: () => fabric.state,
      deliver: (_, ended) => commits.push(() => ended(undefined)),
      now: () => fabric.now,
      schedule: () => () => {},
    })
    const ends: string[] = []
    const leave = desk.serve<string>(
      () => ({
        kind: 'tell',
        message: { kind: 'balancerPoll', balancer: party.loadBalancer, open: true },
        goOn: () => ({
          kind: 'hold',
          until: () => true,
          limitMs: 10,
          goOn: (_, end) => ({ kind: 'say', answer: end }),
        }),
      }),
      (end) => ends.push(end),
      (thrown) => assert.fail(String(thrown)),
    )
    leave()
    assert.deepEqual(ends, [], 'the message is not taken back')
    for (const commit of commits) commit()
    assert.deepEqual(ends, ['gone'])
  })
})
