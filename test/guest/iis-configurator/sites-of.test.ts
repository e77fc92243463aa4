import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Surroundings, sitesOf } from '../../../src/guest/iis-configurator/sites-of.ts'
import type { Site, VirtualPath } from '../../../src/service-model/definition.ts'

const endpoint = (name: string, port: number, protocol = 'http') => ({ name, address: '10.1.2.3', port, protocol })

const surroundings: Surroundings = {
  instance: {
    id: 'Web_IN_0',
    endpoints: [endpoint('In', 80), endpoint('Tls', 443, 'https'), endpoint('Bare', 444, 'https')],
  },
  certificates: { Tls: 'A'.repeat(40) },
  logDirectory: '/logs',
  traceDirectory: '/traces',
  find: (path) => (path.startsWith('gone') ? undefined : `/e/${path}`),
}

const empty = { virtualApplications: [], virtualDirectories: [] } as const

function site(name: string, extra: Partial<Site> = {}): Site {
  return { name, physicalDirectory: 'approot', bindings: [{ name: 'In', endpointName: 'In' }], ...empty, ...extra }
}

const path = (name: string, physicalDirectory: string, extra: Partial<VirtualPath> = {}): VirtualPath => ({
  name,
  physicalDirectory,
  ...empty,
  ...extra,
})

describe('the sites of an instance', () => {
  it('bear its name, count from 1, and have a pool each (I-4, I-9)', () => {
    const made = sitesOf([site('Web'), site('Admin', { physicalDirectory: 'sitesroot\\1\\' })], surroundings)
    assert.ok(made.ok)
    assert.deepEqual(
      made.value.sites.map(({ id, name, applications }) => [
        id,
        name,
        applications[0]?.pool,
        applications[0]?.directories,
      ]),
      [
        [1, 'Web_IN_0_Web', 'Web_IN_0_Web', [{ path: '/', physicalPath: '/e/approot' }]],
        [2, 'Web_IN_0_Admin', 'Web_IN_0_Admin', [{ path: '/', physicalPath: '/e/sitesroot/1' }]],
      ],
    )
    assert.deepEqual(
      made.value.pools.map(({ name }) => name),
      ['Web_IN_0_Web', 'Web_IN_0_Admin'],
    )
  })

  it('are bound to the local address and port of their endpoints, by name, https with its certificate (I-10, I-12)', () => {
    const bindings = [
      { name: 'a', endpointName: 'In', hostHeader: 'WWW.Example.com' },
      { name: 'again', endpointName: 'In', hostHeader: 'www.example.com' },
      { name: 'b', endpointName: 'Tls' },
    ]
    const made = sitesOf([site('Web', { bindings })], surroundings)
    assert.ok(made.ok)
    assert.deepEqual(made.value.sites[0]?.bindings, [
      { protocol: 'http', address: '10.1.2.3', port: 80, hostHeader: 'www.example.com', certificate: undefined },
      { protocol: 'https', address: '10.1.2.3', port: 443, hostHeader: '', certificate: 'A'.repeat(40) },
    ])
  })

  it('hold applications with a root of their own, and directories that belong to the application around them (I-13)', () => {
    const made = sitesOf(
      [
        site('Web', {
          virtualDirectories: [
            path('images', 'sitesroot\\2', {
              virtualDirectories: [path('small', 'sitesroot\\3')],
              virtualApplications: [path('edit', 'sitesroot\\4')],
            }),
          ],
          virtualApplications: [path('shop', 'sitesroot\\1', { virtualDirectories: [path('css', 'sitesroot\\5')] })],
        }),
      ],
      surroundings,
    )
    assert.ok(made.ok)
    assert.deepEqual(
      made.value.sites[0]?.applications.map((one) => [
        one.path,
        ...one.directories.map((below) => Object.values(below).join(' ')),
      ]),
      [
        ['/', '/ /e/approot', '/images /e/sitesroot/2', '/images/small /e/sitesroot/3'],
        ['/shop', '/ /e/sitesroot/1', '/css /e/sitesroot/5'],
        ['/images/edit', '/ /e/sitesroot/4'],
      ],
    )
  })

  for (const [what, wrong, words] of [
    [
      'an endpoint that the instance does not have',
      { bindings: [{ name: 'b', endpointName: 'Out' }] },
      /The binding b of site Web names the endpoint Out/,
    ],
    [
      'https without a certificate',
      { bindings: [{ name: 'b', endpointName: 'Bare' }] },
      /its endpoint Bare names no certificate/,
    ],
    ['content that the package does not have', { physicalDirectory: 'gone' }, /The content of site Web lies in "gone"/],
    [
      'a directory that the package does not have',
      { virtualDirectories: [path('x', 'gone\\1')] },
      /The virtual directory \/x of site Web lies in "gone\/1"/,
    ],
  ] as const)
    it(`are refused with ${what}`, () => {
      const made = sitesOf([site('Web', wrong)], surroundings)
      assert.ok(!made.ok)
      assert.match(made.fault.message, words)
    })
})
