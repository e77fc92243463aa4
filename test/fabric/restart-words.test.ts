/** Which restart of a running instance is due, and who asked for it (D-21, table 3.1). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { restartWords } from '../../src/fabric/controller/deployment/restart-words.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import { deployed } from './fabric.ts'

const fabric = deployed()
const deployment = fabric.deployment()
const [instance, other] = fabric.instances() as [InstanceRecord, InstanceRecord]
const grownBy = (epochs: Partial<InstanceRecord['epochs']>): Partial<InstanceRecord> => ({
  epochs: { ...instance.epochs, ...epochs },
})
const reboot = grownBy({ guest: 2, e: 2 })
const asked = (...by: readonly (readonly [operation: string, key: string])[]): Partial<DeploymentRecord> => ({
  waiting: [
    { operation: 'resumption', until: 'running' },
    ...by.map(([operation, told]) => ({ operation, until: { told } })),
  ],
})

const rows: readonly (readonly [
  what: string,
  deployment: Partial<DeploymentRecord>,
  instance: Partial<InstanceRecord>,
  words: string | undefined,
])[] = [
  ['none asked for', {}, {}, undefined],
  ['a reboot', asked(['one', instance.key]), reboot, 'reboot asked for by request one'],
  ['a reimage', asked(['one', instance.key]), grownBy({ guest: 2, d: 2, e: 2 }), 'reimage asked for by request one'],
  [
    'a rebuild',
    asked(['one', instance.key]),
    grownBy({ guest: 2, c: 2, d: 2, e: 2 }),
    'rebuild asked for by request one',
  ],
  [
    'one asked for twice',
    asked(['one', instance.key], ['two', instance.key]),
    reboot,
    'reboot asked for by request one and two',
  ],
  ['one of which the request has ended', {}, reboot, 'reboot asked for before'],
  ['one beside that of another instance', asked(['one', other.key]), reboot, 'reboot asked for before'],
  ['one of a suspended deployment', { wanted: 'Suspended' }, reboot, undefined],
  ['one of a deployment that goes', { wanted: 'Deleted' }, reboot, undefined],
  ['one of an instance that stands still', {}, { ...reboot, told: { ...instance.told, run: 'Stopped' } }, undefined],
  ['one of an instance that goes', {}, { ...reboot, told: { ...instance.told, run: 'Gone' } }, undefined],
  ['a drive made anew without a restart', {}, grownBy({ e: 2 }), undefined],
]

describe('the restart that is due of an instance', () => {
  for (const [what, ofDeployment, ofInstance, words] of rows)
    it(`${what}: ${words ?? 'none'}`, () => {
      assert.equal(restartWords({ ...deployment, ...ofDeployment }, { ...instance, ...ofInstance }), words)
    })
})
