/** A process learns of a file that another has changed, also of a change that comes while it begins to look. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { followFile } from '../../src/machine/follow-file.ts'
import { until } from '../until.ts'

const soonMs = 5

function followed(t: TestContext, text?: string) {
  const directory = mkdtempSync(join(tmpdir(), 'follow-'))
  const file = join(directory, 'file')
  if (text !== undefined) writeFileSync(file, text)
  let told = 0
  const end = followFile(file, soonMs, () => {
    told += 1
  })
  t.after(() => {
    end()
    rmSync(directory, { recursive: true })
  })
  return { file, told: () => told }
}

it('is told of a change that comes at once after it began to look', async (t) => {
  const { file, told } = followed(t, 'one')
  writeFileSync(file, 'other')
  await until(() => told() === 1, 'it is told')
})

it('is told of another file of the same name and length, and of one that was not there', async (t) => {
  const { file, told } = followed(t)
  writeFileSync(file, 'one')
  await until(() => told() > 0, 'it is told of the first')
  const before = told()
  writeFileSync(`${file}.new`, 'two')
  renameSync(`${file}.new`, file)
  await until(() => told() > before, 'it is told of the second')
})
