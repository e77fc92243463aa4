/** Finding a text in the lines of a log that a page shows. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { marked, matchesIn, matchLimit, placeOf } from '../../src/client/portal/browser/instances/find-in-log.ts'

const rows = ['[INFO] role is Ready\n', 'nothing\n', 'ready, Ready (100%)\n']

describe('finding in a log', () => {
  it('finds a text wherever it stands, letter case aside, in the order of the lines', () => {
    assert.deepEqual(
      matchesIn(rows, 'READY').map(({ row, start }) => [row, start]),
      [
        [0, 15],
        [2, 0],
        [2, 7],
      ],
    )
  })

  it('takes signs for themselves', () => {
    assert.deepEqual(matchesIn(rows, '[INFO]'), [{ row: 0, start: 0, end: 6 }])
    assert.deepEqual(matchesIn(rows, '(100%)'), [{ row: 2, start: 13, end: 19 }])
    assert.deepEqual(matchesIn(rows, '.*'), [])
  })

  it('finds nothing when nothing is looked for', () => assert.deepEqual(matchesIn(rows, ''), []))

  it('tells the newest places when there are too many', () => {
    const many = Array.from({ length: matchLimit }, () => 'aaa\n')
    const found = matchesIn(many, 'a')
    assert.equal(found.length, matchLimit)
    assert.deepEqual(found.at(-1), { row: matchLimit - 1, start: 2, end: 3 })
  })

  it('begins at the newest place, and stays at the chosen one when older lines come before it', () => {
    const found = matchesIn(rows, 'ready')
    assert.equal(placeOf(found, 0, undefined), 2)
    assert.equal(placeOf(found, 0, { line: 2, start: 0 }), 1)
    const older = matchesIn(['ready\n', ...rows], 'ready')
    assert.equal(placeOf(older, -1, { line: 2, start: 0 }), 2)
  })

  it('shows a line as it is, with what was found in it', () => {
    const row = rows[2] ?? ''
    const pieces = marked(row, matchesIn([row], 'ready'))
    assert.equal(pieces.map(({ text }) => text).join(''), row)
    assert.deepEqual(
      pieces.filter(({ match }) => match).map(({ text }) => text),
      ['ready', 'Ready'],
    )
  })
})
