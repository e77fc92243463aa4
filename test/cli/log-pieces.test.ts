import assert from 'node:assert/strict'
import { it } from 'node:test'
import { piecesOf } from '../../src/client/service-management/log-pieces.ts'

/** A log in hourly files, as a host answers for it: the newest under its name, any under `name/file`. At most two characters a piece. */
function rolling(files: Map<string, string>) {
  return async (log: string, offset: number) => {
    const [, named] = log.split('/')
    const file = named ?? [...files.keys()].at(-1) ?? ''
    const text = (files.get(file) ?? '').slice(offset, offset + 2)
    return { logicalPath: `C:\\W3SVC1\\${file}`, text, nextOffset: offset + text.length }
  }
}

it('goes on in the next file of a log from its beginning, after all of the one before, whichever is longer (I-35)', async () => {
  for (const next of ['2', 'second file']) {
    const files = new Map([['u_ex15030405.log', 'first']])
    let shown = ''
    for await (const { piece, offset } of piecesOf(rolling(files), 'W3SVC1')) {
      shown += piece.text
      assert.equal(offset + piece.text.length, piece.nextOffset)
      if (piece.text !== '') continue
      if (files.size > 1) break
      // Between two looks: the last lines of the hour, and the next file.
      files.set('u_ex15030405.log', 'first, and more').set('u_ex15030406.log', next)
    }
    assert.equal(shown, `first, and more${next}`)
  }
})
