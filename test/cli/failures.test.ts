/** What `deploy` says of instances that do not get Ready and stay so: how each stands now, and what it has failed of. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { watchFailures } from '../../src/client/cli/failures.ts'

const exit = 'Run has returned. Last exit code: 1.'
const of = (status: string, details = '', hasSettled = false) => ({ name: 'Web_IN_0', status, details, hasSettled })

const rows: readonly (readonly [what: string, seen: readonly ReturnType<typeof of>[], words: string])[] = [
  ['has failed', [of('CyclingRole', exit)], `Web_IN_0 is CyclingRole (${exit})`],
  [
    'is Ready after a failure',
    [of('CyclingRole', exit), of('ReadyRole')],
    `Web_IN_0 is ReadyRole again, and had failed before (${exit})`,
  ],
  [
    'starts after a failure',
    [of('CyclingRole', exit), of('BusyRole', 'Recovering role...')],
    `Web_IN_0 is BusyRole again, and had failed before (${exit})`,
  ],
  ['is Ready for a moment', [of('ReadyRole')], 'Web_IN_0 is ReadyRole, but not for long enough yet'],
  ['is on its way', [of('BusyRole', 'Starting role...')], 'Web_IN_0 is BusyRole (Starting role...)'],
  ['is Ready', [of('CyclingRole', exit), of('ReadyRole', '', true)], ''],
]

describe('an instance that', () => {
  for (const [what, seen, words] of rows)
    it(`${what}: ${words}`, () => {
      const failures = watchFailures()
      for (const one of seen) failures.see([one], 5)
      assert.equal(failures.words(seen.slice(-1)), words)
    })
})
