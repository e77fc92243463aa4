/** A log as a page of the portal holds it: its newest lines, what is added, and what was before (G-1). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  followLog,
  hasOlder,
  loadOlder,
  type ShownLog,
  wholeLog,
} from '../../src/client/portal/browser/instances/follow-log.ts'
import { appended, shownRow, windowFrom, windowLimits } from '../../src/client/portal/browser/instances/log-window.ts'
import { readLogPiece } from '../../src/machine/host/log-piece.ts'

let directory: string

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-'))
})
after(() => rmSync(directory, { recursive: true }))

const place = { logicalPath: 'C:\\Logs\\Some.log', realPath: '/guest/c/Logs/Some.log', known: [] }

/** What a Host Agent answers of a file, and how often it was asked. */
function logOf(text: string) {
  writeFileSync(join(directory, 'log'), text)
  const asked = { count: 0 }
  const ask = async (_: string, offset: number) => {
    asked.count += 1
    return { ...place, ...(await readLogPiece(directory, join(directory, 'log'), offset)) }
  }
  return { ask, asked, write: (next: string) => writeFileSync(join(directory, 'log'), next) }
}

/** Follows a log until it has been asked for more so many times; between them, `meanwhile` happens. */
async function followed(
  ask: ReturnType<typeof logOf>['ask'],
  meanwhile: readonly (() => void)[] = [],
): Promise<ShownLog> {
  let shown: ShownLog | undefined
  let round = 0
  const over = new Error('over')
  const more = async () => {
    const next = meanwhile[round]
    round += 1
    if (!next) throw over
    next()
  }
  const following = followLog({
    ask,
    name: 'Some',
    more,
    tell: (change) => {
      shown = change(shown)
    },
  })
  await assert.rejects(following, over)
  assert.ok(shown)
  return shown
}

const line = (number: number) => `line ${number} äöü 日本語 ${'.'.repeat(number % 50)}\n`
const long = Array.from({ length: 60_000 }, (_, number) => line(number)).join('')

describe('a log on a page', () => {
  it('is shown whole when it is short', async () => {
    const { window } = await followed(logOf('one\ntwo\n').ask)
    assert.deepEqual(window.lines.map(shownRow), ['one', 'two'])
    assert.equal(hasOlder(window), 'nothing')
  })

  it('is shown from its newest lines on when it is long, whole lines only, and asked for them in few questions', async () => {
    const { ask, asked } = logOf(long)
    const { window } = await followed(ask)
    assert.equal(window.lines.at(-1), line(59_999))
    const first = 60_000 - window.lines.length
    assert.deepEqual(
      window.lines,
      Array.from({ length: window.lines.length }, (_, at) => line(first + at)),
    )
    assert.equal(window.begin, Buffer.byteLength(long.slice(0, long.indexOf(line(first)))))
    assert.ok(asked.count < 30, `${asked.count} questions`)
    assert.equal(hasOlder(window), 'yes')
  })

  it('grows by what is added, also in the middle of a line', async () => {
    const log = logOf('one\ntw')
    const { window } = await followed(log.ask, [() => log.write('one\ntwo\nthr'), () => log.write('one\ntwo\nthree\n')])
    assert.deepEqual(window.lines, ['one\n', 'two\n', 'three\n'])
    assert.equal(window.end, 14)
  })

  it('begins anew when its file was rotated', async () => {
    const log = logOf('one\ntwo\nthree\n')
    const { window } = await followed(log.ask, [() => log.write('new\n')])
    assert.deepEqual(window.lines, ['new\n'])
    assert.equal(window.begin, 0)
  })

  it('shows older lines as often as they are asked for, up to its beginning, without a gap', async () => {
    const { ask } = logOf(long)
    let shown = await followed(ask)
    for (let steps = 0; hasOlder(shown.window) === 'yes'; steps += 1) {
      assert.ok(steps < 100)
      await loadOlder(ask, 'Some', shown, (change) => {
        shown = change(shown)
      })
    }
    assert.equal(shown.window.lines.join(''), long)
    assert.equal(shown.window.begin, 0)
    assert.equal(shown.window.first, shown.window.lines.length * -1 + (await followed(ask)).window.lines.length)
  })

  it('is saved whole, up to what was shown', async () => {
    const { ask } = logOf(long)
    let text = ''
    for await (const piece of wholeLog(ask, 'Some', Buffer.byteLength(long))) text += piece.text
    assert.equal(text, long)
  })

  it('keeps the newest lines alone when it grows beyond what a page holds', () => {
    let window = windowFrom('', 0, 0)
    let end = 0
    for (let number = 0; number < windowLimits.lines + 5; number += 5_000) {
      const text = Array.from({ length: 5_000 }, (_, at) => line(number + at)).join('')
      end += Buffer.byteLength(text)
      window = appended(window, text, end)
    }
    assert.ok(window.lines.length <= windowLimits.lines)
    const held = window.lines.join('')
    assert.equal(window.begin, end - Buffer.byteLength(held))
    assert.equal(window.characters, held.length)
    assert.equal(window.lines[0], line(window.first))
  })

  it('shows no older lines than it has room for, and says so', async () => {
    const short = Array.from({ length: 150_000 }, (_, number) => `${number}\n`).join('')
    const { ask } = logOf(short)
    let shown = await followed(ask)
    for (let steps = 0; hasOlder(shown.window) === 'yes'; steps += 1) {
      assert.ok(steps < 10)
      await loadOlder(ask, 'Some', shown, (change) => {
        shown = change(shown)
      })
    }
    assert.equal(hasOlder(shown.window), 'noRoom')
    assert.equal(shown.window.lines.length, windowLimits.lines)
    assert.equal(shown.window.begin, short.length - shown.window.lines.join('').length)
    assert.equal(shown.window.lines[0], '50000\n')
  })

  it('cuts lines that are too long for a row, and loses nothing of them', () => {
    const text = `${'x'.repeat(25_000)}\nend\n`
    const { lines } = windowFrom(text, 0, text.length)
    assert.deepEqual(
      lines.map(({ length }) => length),
      [10_000, 10_000, 5_001, 4],
    )
    assert.equal(lines.join(''), text)
  })
})
