/** The operation log as the portal shows it: newest first, though the API lists the oldest first (S-2). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  dateText,
  dayOf,
  daysBefore,
  joined,
  type LogFilter,
  newestBefore,
  objectOfService,
  shownObject,
} from '../../src/client/portal/browser/operations/operation-log.ts'
import type { SubscriptionOperation, WantedOperations } from '../../src/client/service-management/subscription.ts'

const second = 1_000
const now = Date.UTC(2026, 10, 30)
const week: LogFilter = { from: now - 7 * 86_400 * second, until: now, object: '', result: '' }

/** An API that has these operations, three a page. */
function logOf(all: readonly SubscriptionOperation[]) {
  return async ({ from, until, object, continuationToken }: WantedOperations) => {
    const wanted = all.filter(
      ({ startedTime, objectId }) => startedTime >= from && startedTime <= until && objectId.startsWith(object),
    )
    const at = Number(continuationToken)
    const more = wanted.length > at + 3 ? { continuationToken: String(at + 3) } : {}
    return { operations: wanted.slice(at, at + 3), ...more }
  }
}

function operation(number: number, startedTime: number, service = 'shop'): SubscriptionOperation {
  return {
    id: String(number),
    objectId: `/sub/services/hostedservices/${service}`,
    name: 'CreateHostedService',
    parameters: [],
    caller: { usedServiceManagementApi: true, certificateThumbprint: 'A', clientIP: '127.0.0.1' },
    status: { id: String(number), status: 'Succeeded', httpStatusCode: 200 },
    startedTime,
    completedTime: startedTime,
  }
}

async function wholeLog(all: readonly SubscriptionOperation[], filter = week): Promise<readonly string[]> {
  const parts = []
  for (let before: number | undefined = filter.until; before !== undefined; before = parts.at(-1)?.before)
    parts.push(await newestBefore(logOf(all), filter, before))
  return joined(parts).map(({ id }) => id)
}

describe('the operation log', () => {
  it('shows every operation of the period once, newest first', async () => {
    const all = Array.from({ length: 400 }, (_, at) => operation(at, week.from + at * 1_500 * second))
    assert.deepEqual(await wholeLog(all), all.map(({ id }) => id).toReversed())
  })

  it('shows some fifty at first, and says where what is older ends', async () => {
    const all = Array.from({ length: 400 }, (_, at) => operation(at, week.from + at * 1_500 * second))
    const { operations, before } = await newestBefore(logOf(all), week, now)
    assert.equal(operations[0]?.id, '399')
    assert.ok(operations.length >= 50 && operations.length < 250)
    assert.ok(before !== undefined && before > week.from)
  })

  it('ends with the period, however little there is in it', async () => {
    assert.deepEqual(await newestBefore(logOf([operation(1, now - 6 * 86_400 * second)]), week, now), {
      operations: [operation(1, now - 6 * 86_400 * second)],
      before: undefined,
    })
  })

  it('is that of one service, and not of others whose names begin so', async () => {
    const all = [
      operation(1, now - 9 * second),
      operation(2, now - 8 * second, 'shop2'),
      operation(3, now - 7 * second),
    ]
    assert.deepEqual(await wholeLog(all, { ...week, object: objectOfService('sub', 'shop') }), ['3', '1'])
  })

  it('names objects without what all of them begin with', () => {
    assert.equal(
      shownObject('/sub/services/hostedservices/shop/deploymentslots/Staging/roleinstances/Web_IN_0'),
      'shop/Staging/Web_IN_0',
    )
    assert.equal(shownObject('/sub/reddog/hosts/host1'), 'reddog/hosts/host1')
    assert.equal(shownObject('/sub'), '')
  })

  it('counts days in the reader’s zone', () => {
    const day = daysBefore(new Date(2026, 2, 3, 15), 7)
    assert.equal(dateText(day), '2026-02-24')
    assert.deepEqual(dayOf('2026-02-24'), day)
    assert.equal(dayOf(''), undefined)
  })
})
