import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { localPorts } from '../../src/fabric/controller/places/local-ports.ts'
import { batchesOf } from '../../src/fabric/controller/state/batches.ts'
import type { Write } from '../../src/kernel/store.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'

const write = (key: string, value: unknown = 1): Write => ({ key, value })
const sizes = (groups: readonly (readonly Write[])[]) => batchesOf(groups).map(({ length }) => length)

describe('batches for the store (design.md 3)', () => {
  it('hold at most 100 records, in their order', () => {
    const groups = Array.from({ length: 250 }, (_, i) => [write(`k${i}`)])
    assert.deepEqual(sizes(groups), [100, 100, 50])
    assert.deepEqual(
      batchesOf(groups)
        .flat()
        .map(({ key }) => key),
      groups.map(([one]) => one?.key),
    )
  })

  it('hold at most 1 MiB', () => {
    const groups = Array.from({ length: 6 }, (_, i) => [write(`k${i}`, 'x'.repeat(400_000))])
    assert.deepEqual(sizes(groups), [2, 2, 2])
  })

  it('never tear a group, even one that is above the limits alone', () => {
    const large = Array.from({ length: 130 }, (_, i) => write(`k${i}`))
    assert.deepEqual(sizes([[write('a')], large, [write('b')]]), [1, 130, 1])
    assert.deepEqual(
      sizes([Array.from({ length: 60 }, () => write('a')), Array.from({ length: 60 }, () => write('b'))]),
      [60, 60],
    )
  })
})

describe('local ports (A-25; design.md 9.4)', () => {
  const rows: readonly [
    rule: string,
    endpoints: string,
    firstPort: number,
    ports: Readonly<Record<string, readonly [number, number]>>,
  ][] = [
    [
      'are as defined where the host may bind them',
      '<InputEndpoint name="A" protocol="http" port="80"/>',
      0,
      { A: [80, 80] },
    ],
    [
      'move up where it may not',
      '<InputEndpoint name="A" protocol="http" port="80"/><InputEndpoint name="B" protocol="tcp" port="443"/>',
      1024,
      { A: [8080, 8080], B: [8443, 8443] },
    ],
    [
      'move to the next free one',
      '<InputEndpoint name="A" protocol="http" port="80"/><InputEndpoint name="B" protocol="tcp" port="8080"/>',
      1024,
      { A: [8081, 8081], B: [8080, 8080] },
    ],
    [
      'stay at the first one that the host may bind',
      '<InputEndpoint name="A" protocol="http" port="1024"/>',
      1024,
      { A: [1024, 1024] },
    ],
    [
      'are picked from 20000 where the definition leaves them open',
      '<InputEndpoint name="A" protocol="tcp" port="90" localPort="*"/><InternalEndpoint name="B" protocol="tcp"/>',
      0,
      { A: [20000, 20000], B: [20001, 20001] },
    ],
    [
      'pass over fixed ones',
      '<InternalEndpoint name="A" protocol="tcp"/><InternalEndpoint name="B" protocol="tcp"><FixedPortRange min="20000" max="20002"/></InternalEndpoint>',
      0,
      { A: [20003, 20003], B: [20000, 20002] },
    ],
    [
      'are the last ones where the others are fixed',
      '<InternalEndpoint name="A" protocol="tcp"/><InternalEndpoint name="B" protocol="tcp"><FixedPortRange min="20000" max="65534"/></InternalEndpoint>',
      0,
      { A: [65535, 65535], B: [20000, 65534] },
    ],
    [
      'are the first ones that the host may bind where all from 20000 on are fixed',
      '<InternalEndpoint name="A" protocol="tcp"/><InternalEndpoint name="B" protocol="tcp"><FixedPortRange min="20000" max="65535"/></InternalEndpoint>',
      1024,
      { A: [1024, 1024], B: [20000, 65535] },
    ],
    [
      'are the first ones of all where the host may bind any',
      '<InternalEndpoint name="A" protocol="tcp"/><InternalEndpoint name="B" protocol="tcp"><FixedPortRange min="20000" max="65535"/></InternalEndpoint>',
      0,
      { A: [1, 1], B: [20000, 65535] },
    ],
  ]
  for (const [rule, endpoints, firstPort, expected] of rows)
    it(rule, () => {
      const { value } = readDefinition(
        `<ServiceDefinition name="S" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
          <WorkerRole name="R"><Endpoints>${endpoints}</Endpoints></WorkerRole></ServiceDefinition>`,
        { packaged: true },
      )
      const [role] = value?.roles ?? []
      assert.ok(role)
      const ports = Object.entries(localPorts(role, 0, firstPort)).map(([name, { first, last }]) => [
        name,
        [first, last],
      ])
      assert.deepEqual(Object.fromEntries(ports), expected)
    })
})
