/** What a subscription has and has asked for: its counts, its management certificates, its operations (S-1, S-2, S-7). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OperationRecord } from '../../src/fabric/contract/commands.ts'
import type { Views } from '../../src/fabric/contract/views.ts'
import { addManagementCertificate } from '../../src/fabric/controller/belongings/add-management-certificate.ts'
import { deleteManagementCertificate } from '../../src/fabric/controller/belongings/delete-management-certificate.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import { withSubscription } from '../../src/fabric/controller/state/restore.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { assertRefused, createShop, deployed, type Fabric, fabricOf, production, subscriptionId } from './fabric.ts'
import { obey } from './obey.ts'

const another = '00000000-0000-0000-0000-0000000000bb'

function subscription({ state, now }: Fabric) {
  const [one] = answerView(state, 'subscriptions', {}, now)
  return one ?? assert.fail('there is no subscription')
}

describe('the counts of a subscription (S-1)', () => {
  it('are of its own services and their cores, suspended deployments included', () => {
    const fabric = deployed()
    fabric.ask({ ...createShop, service: 'Other' })
    const service = fabric.state.stored.service.get('other') ?? assert.fail()
    fabric.state = keep(fabric.state, put('service', 'theirs', { ...service, name: 'theirs', subscriptionId: another }))
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' })
    for (let round = 0; round < 2; round++) obey(fabric)
    const { id, name, currentCores, currentServices } = subscription(fabric)
    assert.deepEqual([id, name, currentCores, currentServices], [subscriptionId, 'Test', 2, 2])
  })
})

describe('the limits of a subscription (S-1)', () => {
  it('stay over a start, and change where the operator gives others; nothing else does', () => {
    const fabric = fabricOf()
    const before = subscription(fabric)
    const first = { ...(fabric.state.stored.subscription.get(subscriptionId) ?? assert.fail()), name: 'Later' }
    const after = (limits?: { readonly maxCores: number }) =>
      subscription({ ...fabric, state: withSubscription(fabric.state, first, limits) })
    assert.deepEqual(after(), before)
    assert.deepEqual(after({ maxCores: 640 }), { ...before, maxCores: 640 })
  })
})

describe('management certificates (S-7)', () => {
  const add = (fabric: Fabric, thumbprint: string, data: string) =>
    fabric.ask({ kind: 'addManagementCertificate', thumbprint, data })
  const remove = (thumbprint: string) => ({ kind: 'deleteManagementCertificate', thumbprint }) as const
  const certificates = (fabric: Fabric) =>
    subscription(fabric).certificates.map(({ thumbprint, data, createdAt }) => [thumbprint, data, createdAt])

  it('are added with the moment, and one that is there already stays as it is (R-3)', () => {
    const fabric = fabricOf()
    const first = ['AA', 'first', fabric.now]
    fabric.pass(1_000)
    const second = ['BB', 'second', fabric.now]
    for (const data of ['second', 'first']) {
      const reply = add(fabric, data === 'first' ? 'AA' : 'BB', data)
      assert.ok('accepted' in reply)
      assert.equal(fabric.operation(reply.accepted.id).status, 'Succeeded')
      assert.deepEqual(certificates(fabric), [first, second])
      fabric.pass(1_000)
    }
  })

  it('are deleted by thumbprint in any case, the others stay, and the last one does', () => {
    const fabric = fabricOf()
    add(fabric, 'BB', 'second')
    add(fabric, 'CC', 'third')
    assertRefused(fabric, remove('DD'), 'ResourceNotFound', /thumbprint DD does not exist/)
    const reply = fabric.ask(remove('bb'))
    assert.ok('accepted' in reply)
    assert.equal(fabric.operation(reply.accepted.id).status, 'Succeeded')
    assert.deepEqual(
      certificates(fabric).map(([thumbprint]) => thumbprint),
      ['AA', 'CC'],
    )
    fabric.ask(remove('AA'))
    assertRefused(fabric, remove('CC'), 'ConflictError', /last management certificate/)
    fabric.ask({ kind: 'addManagementCertificate', thumbprint: 'EE', data: 'expired', expiresAt: fabric.now })
    assertRefused(fabric, remove('CC'), 'ConflictError', /last management certificate .* has not expired/)
  })

  it('belong to a subscription that there is', () => {
    const { state, now } = fabricOf()
    const request = { requestId: 'r', subscriptionId: another, now, freshId: 'f' }
    const answers = [
      addManagementCertificate(state, { kind: 'addManagementCertificate', thumbprint: 'BB', data: 'b' }, request),
      deleteManagementCertificate(state, remove('AA'), request),
    ]
    assert.deepEqual(
      answers.map((answer) => !answer.ok && answer.fault.code),
      ['ResourceNotFound', 'ResourceNotFound'],
    )
  })
})

describe('the operations of a subscription (S-2)', () => {
  const object = `/${subscriptionId}/services/hostedservices/Shop`
  const record: Omit<OperationRecord, 'id'> = {
    subscriptionId,
    name: 'Op',
    objectId: object,
    caller: { thumbprint: 'AA', clientAddress: '' },
    status: 'Succeeded',
    startedAt: 20,
  }
  const records: Readonly<Record<string, Partial<OperationRecord>>> = {
    d: { startedAt: 10 },
    c: {},
    a: { status: 'Failed' },
    b: { objectId: `${object}/deployments/v1` },
    e: { startedAt: 30 },
    elsewhere: { objectId: `/${subscriptionId}/services/hostedservices/Else` },
    theirs: { subscriptionId: another },
  }
  const { state, now } = fabricOf()
  const kept = keep(
    state,
    ...Object.entries(records).map(([id, one]) => put('operation', id, { ...record, id, ...one })),
  )

  function listed(ask: Partial<Views['operations']['ask']>): string {
    const all = { subscriptionId, from: 0, until: 99, object: '', limit: 100 }
    const { operations, more } = answerView(kept, 'operations', { ...all, ...ask }, now)
    return `${operations.map(({ id }) => id).join(' ')}${more ? ' and more' : ''}`
  }

  it('are listed by their beginning, those of one moment by ID, and no others', () => {
    assert.equal(listed({}), 'd a b c elsewhere e')
    assert.equal(listed({ subscriptionId: another }), 'theirs')
  })

  it('are those that began in the period, its ends included', () => {
    assert.equal(listed({ from: 10, until: 20 }), 'd a b c elsewhere')
    assert.equal(listed({ from: 11, until: 30 }), 'a b c elsewhere e')
    assert.equal(listed({ from: 11, until: 19 }), '')
  })

  it('are those of an object and of what is below it, in any case, and of one status', () => {
    assert.equal(listed({ object: object.toUpperCase() }), 'd a b c e')
    assert.equal(listed({ status: 'Failed' }), 'a')
    assert.equal(listed({ object, status: 'Succeeded', from: 20 }), 'b c e')
  })

  it('come a page at a time, the next one after the last that was seen', () => {
    assert.equal(listed({ limit: 2 }), 'd a and more')
    assert.equal(listed({ limit: 2, after: { startedAt: 20, id: 'a' } }), 'b c and more')
    assert.equal(listed({ limit: 2, after: { startedAt: 20, id: 'c' } }), 'elsewhere e')
    assert.equal(listed({ after: { startedAt: 30, id: 'e' } }), '')
  })

  it('are known one by one to their own subscription alone', () => {
    const found = (ask: Views['operation']['ask']) => answerView(kept, 'operation', ask, now)?.id
    assert.equal(found({ subscriptionId, id: 'a' }), 'a')
    assert.equal(found({ subscriptionId, id: 'theirs' }), undefined)
    assert.equal(found({ subscriptionId, id: 'none' }), undefined)
  })
})
