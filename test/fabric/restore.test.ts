/** A master begins with what is stored, in whatever order it comes; what it cannot think through is set aside (F-27). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { instancesOf } from '../../src/fabric/controller/state/find.ts'
import type { TableName } from '../../src/fabric/controller/state/records.ts'
import { restore } from '../../src/fabric/controller/state/restore.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { configuration, createDeployment, createShop, fabricOf, shipped } from './fabric.ts'

/** The fields by which other records are found. */
const needed: { readonly [Name in TableName]?: readonly string[] } = {
  deployment: ['id', 'service', 'name', 'slot', 'versions', 'waiting', 'wanted', 'vip'],
  instance: ['key', 'deployment', 'role', 'name', 'host', 'containerId', 'told', 'epochs', 'ports', 'size'],
  service: ['name', 'subscriptionId'],
  operation: ['id', 'subscriptionId', 'objectId', 'status'],
  host: ['name', 'cores'],
  event: ['number', 'subject'],
}

/** The records of two deployments, one with two roles and more than ten instances. */
function stored() {
  const disk = new Map<string, unknown>()
  const roles = [{ name: 'Web' }, { name: 'Api', endpoints: '' }]
  const fabric = fabricOf({ ...shipped(), roles }, disk)
  for (const name of ['a', 'b', 'c']) fabric.host(name, { cores: 16 })
  fabric.ask(createShop)
  fabric.ask(createDeployment({ configuration: configuration({ Web: 12, Api: 2 }) }))
  fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: configuration({ Web: 1, Api: 1 }) }))
  return { fabric, records: [...disk], facts: fabric.state.facts }
}

const { fabric, records, facts } = stored()
const restored = (from: Iterable<readonly [string, unknown]>) => restore(facts, fabric.now, from)
const instanceNames = (state: FabricState, slot: string) => {
  const deployment = state.stored.deployment.find((one) => one.slot === slot)
  return instancesOf(state, deployment?.id ?? '').map(({ name }) => name)
}

describe('what a master begins with', () => {
  it('is the same, whatever order the store tells it in, and has instances by role and number', () => {
    const expected = [
      ...[0, 1].map((number) => `Api_IN_${number}`),
      ...Array.from({ length: 12 }, (_, number) => `Web_IN_${number}`),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        const state = restored(shuffled)
        assert.deepEqual(instanceNames(state, 'Production'), expected)
        assert.deepEqual(instanceNames(state, 'Staging'), ['Api_IN_0', 'Web_IN_0'])
        const { derived } = restored(records)
        assert.deepEqual(state.derived.loads.toJS(), derived.loads.toJS())
        assert.ok(state.derived.cores.equals(derived.cores) && state.derived.addresses.equals(derived.addresses))
        assert.equal(state.unsaved.size, 0)
      }),
      { numRuns: 30 },
    )
  })

  it('sets aside whom an unreadable record is about: its host, the deployment of an instance, or the pool', () => {
    const { id } = fabric.deployment()
    const rows: readonly (readonly [TableName, string])[] = [
      ['host', 'host/a'],
      ['deployment', `deployment/${id}`],
      ['instance', `deployment/${id}`],
      ['service', 'pool'],
      ['subscription', 'pool'],
      ['operation', 'pool'],
    ]
    for (const [table, subject] of rows) {
      const [damaged] =
        records.find(
          ([key]) =>
            key.startsWith(`${table}/`) &&
            (table === 'host'
              ? key === 'host/a'
              : key.includes(table === 'deployment' || table === 'instance' ? id : '')),
        ) ?? []
      const state = restored(records.map(([key, record]) => [key, key === damaged ? 7 : record]))
      assert.deepEqual([...state.observed.thrown.keys()], [subject], table)
    }
  })

  it('keeps an instance whose size nobody knows any more, and sets its deployment aside', () => {
    const [key, record] = records.find(([one]) => one.startsWith('instance/')) as readonly [string, object]
    const state = restored(records.map(([one, text]) => [one, one === key ? { ...record, size: 'Huge' } : text]))
    assert.ok(state.stored.instance.has(key.slice('instance/'.length)))
    assert.deepEqual(
      [...state.observed.thrown.keys()],
      [`deployment/${key.slice('instance/'.length, key.indexOf('.'))}`],
    )
  })

  it('drops the instances of a deployment that there is not, and keeps those of one of which nobody can tell (F-27)', () => {
    const deployment = fabric.deployment()
    const key = `deployment/${deployment.id}`
    const left = (...read: readonly unknown[]) => {
      const others = records.filter(([one]) => one !== key)
      const state = restored([...others, ...read.map((record) => [key, record] as const)])
      return [...state.stored.instance.values()].filter((one) => one.deployment === deployment.id).length
    }
    const rows: readonly (readonly [what: string, read: readonly unknown[], instances: number])[] = [
      ['it is whole', [deployment], 14],
      ['there is none', [], 0],
      ['it cannot be read', [7], 14],
      ['it has no version, and asks for none', [{ ...deployment, versions: {}, request: undefined }], 14],
    ]
    for (const [what, read, instances] of rows) assert.equal(left(...read), instances, what)
  })

  /** Why the record's subject is set aside when the record is another one; undefined: it is not. */
  function thrown(key: string, record: unknown): string | undefined {
    const state = restored(records.map(([one, text]) => [one, one === key ? record : text]))
    return [...state.observed.thrown.values()].flatMap((about) => Object.values(about)).find((why) => why.includes(key))
  }
  const first = (table: TableName) => {
    const found = records.find(([key]) => key.startsWith(`${table}/`))
    assert.ok(found, table)
    return found as readonly [string, Readonly<Record<string, unknown>>]
  }

  const tables: readonly TableName[] = [
    'subscription',
    'service',
    'deployment',
    'package',
    'instance',
    'operation',
    'host',
    'event',
  ]
  for (const table of tables)
    it(`says of a record of ${table} that it is none, or lacks a field by which others are found`, () => {
      const [key, record] = first(table)
      for (const none of [null, 7, 'text', true]) {
        const why = thrown(key, none) ?? ''
        assert.match(why, new RegExp(`the stored record ${key.replaceAll('.', '\\.')} lacks .`), String(none))
      }
      assert.equal(thrown(key, record), undefined)
      const lacking = Object.keys(record).flatMap((field) => {
        const { [field]: _, ...others } = record
        const [absent, empty] = [thrown(key, others), thrown(key, { ...record, [field]: null })]
        assert.equal(absent?.includes(`lacks ${field}`), empty?.includes(`lacks ${field}`), field)
        return absent?.includes(`lacks ${field}`) ? [field] : []
      })
      assert.deepEqual(lacking.toSorted(), [...(needed[table] ?? [])].toSorted())
    })
})
