/** Files that a Host Agent reads for others or writes for itself. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { writeBeside, writeWhole } from '../../src/machine/building/write-whole.ts'
import { openHostFiles } from '../../src/machine/host/host-files.ts'
import { readLogPiece } from '../../src/machine/host/log-piece.ts'
import { openPackageCache } from '../../src/machine/host/package-cache.ts'
import { openLog } from '../../src/machine/log.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reddog-files-'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('a log of a guest', () => {
  const log = () => join(directory, 'guest/c/a.log')
  const piece = (offset: number, file = log()) => readLogPiece(join(directory, 'guest'), file, offset)

  beforeEach(() => mkdirSync(join(directory, 'guest/c'), { recursive: true }))

  it('is read on piece by piece, never a part of a character', async () => {
    writeFileSync(log(), `a${'é'.repeat(40_000)}`)
    const first = await piece(0)
    assert.equal(first.nextOffset, 64 * 1024 - 1)
    const second = await piece(first.nextOffset)
    assert.equal(first.text + second.text, `a${'é'.repeat(40_000)}`)
    assert.deepEqual(await piece(second.nextOffset), { text: '', nextOffset: second.nextOffset })
  })

  it('is read from its beginning again when it has been rotated, and is empty when it does not exist', async () => {
    writeFileSync(log(), 'new')
    assert.deepEqual(await piece(100), { text: 'new', nextOffset: 3 })
    assert.deepEqual(await piece(100, join(directory, 'guest/c/none/x.log')), { text: '', nextOffset: 0 })
  })

  it('is never a file of somebody else, whatever links the guest has laid', async () => {
    writeFileSync(join(directory, 'secret'), 'of the host')
    symlinkSync('../../secret', log())
    await assert.rejects(piece(0), /no file of this guest/)
    symlinkSync(directory, join(directory, 'guest/c/link'))
    await assert.rejects(piece(0, join(directory, 'guest/c/link/secret')), /no file of this guest/)
    await assert.rejects(piece(0, join(directory, 'guest/c')), /no file of this guest/)
    symlinkSync('b.log', join(directory, 'guest/c/alias.log'))
    writeFileSync(join(directory, 'guest/c/b.log'), 'own')
    assert.equal((await piece(0, join(directory, 'guest/c/alias.log'))).text, 'own')
  })
})

describe('the log of a platform process', () => {
  it('has one line for each message, with time and level', () => {
    const file = join(directory, 'logs/HostAgent.log')
    const log = openLog(file)
    log.info('one')
    log.warn('two\nlines')
    log.error('three')
    const time = String.raw`\[\d{4}/\d\d/\d\d, \d\d:\d\d:\d\d\.\d{3}, `
    assert.match(
      readFileSync(file, 'utf8'),
      new RegExp(`^${time}INFO \\] one\n${time}WARN \\] two lines\n${time}ERROR\\] three\n$`),
    )
  })

  it('goes on in a new file when it has 10 MB, and keeps the one before', () => {
    const file = join(directory, 'HostAgent.log')
    writeFileSync(file, 'old')
    truncateSync(file, 10 * 1024 * 1024)
    openLog(file).info('new')
    assert.match(readFileSync(file, 'utf8'), /new\n$/)
    assert.ok(readFileSync(file).length < 100)
    assert.deepEqual(readdirSync(directory).sort(), ['HostAgent.log', 'HostAgent.log.old'])
  })
})

describe('what a host keeps', () => {
  it('is loaded as it was saved', () => {
    const open = () => openHostFiles<object>(join(directory, 'goal.json'), join(directory, 'records'))
    assert.deepEqual(open().load(), { goal: undefined, records: [] })
    const goal = { version: 3, instances: [], asks: [] }
    const records = new Map(Object.entries({ b: { b: 1 }, a: { a: 1 }, c: { c: 1 } }))
    assert.equal(open().save({ goal, records, removed: [] }), undefined)
    assert.equal(open().save({ records: new Map(), removed: ['c'] }), undefined)
    assert.deepEqual(open().load(), { goal, records: [{ a: 1 }, { b: 1 }] })
  })

  it('stays as it was when a part of a change cannot be saved (F-28)', () => {
    const files = openHostFiles<object>(join(directory, 'goal.json'), join(directory, 'records'))
    const before = files.load()
    const goal = { version: 4, instances: [], asks: [] }
    // A name that no file system takes.
    const records = new Map([
      ['a', { a: 2 }],
      ['x'.repeat(300), {}],
    ])
    assert.match(files.save({ goal, records, removed: ['b'] }) ?? '', /./)
    assert.deepEqual(files.load(), before)
    const beside = readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.new'))
    assert.deepEqual(beside, [])
  })

  it('is written beside nothing that a killed process has left, and leaves alone what another one writes', () => {
    const [file, other] = [join(directory, 'b.json'), join(directory, 'a.json')]
    const module = join(import.meta.dirname, '../../src/machine/building/write-whole.ts')
    const program = `import(process.argv[1]).then(({ writeBeside }) => {
      writeBeside(process.argv[2], 'half'); process.kill(process.pid, 'SIGKILL') })`
    const killed = spawnSync(process.execPath, ['-e', program, module, other], { encoding: 'utf8' })
    assert.equal(killed.signal, 'SIGKILL', killed.stderr)
    const [left] = readdirSync(directory)
    assert.match(left ?? '', /^a\.json\..*\.new$/)
    // Of another machine, or another container, that shares the directory: its number means nothing here.
    const elsewhere = (left ?? '').replace(/json\.[0-9a-f]{8}/, 'json.00000000')
    writeFileSync(join(directory, elsewhere), 'half')

    const own = writeBeside(other, 'whole')
    const [, underWay] = readdirSync(directory).sort()
    writeWhole(file, 'whole')
    assert.deepEqual(readdirSync(directory).sort(), [elsewhere, underWay, 'b.json'])
    own.put()
    assert.equal(readFileSync(other, 'utf8'), 'whole')
  })

  it('is refused with a sentence when somebody has damaged it', () => {
    writeFileSync(join(directory, 'goal.json'), '{')
    assert.throws(
      () => openHostFiles(join(directory, 'goal.json'), join(directory, 'records')).load(),
      /goal\.json cannot be read/,
    )
  })
})

describe('the package cache', () => {
  it('takes nothing that is not what was asked for, and leaves nothing of it', async () => {
    const cache = await openPackageCache(join(directory, 'packages'), join(directory, 'quarantine'))
    const sha256 = 'a'.repeat(64)
    await assert.rejects(
      cache.take(sha256, async () => Readable.from([Buffer.from('else')])),
      /what came has the hash/,
    )
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half')
        throw new Error('the line broke')
      })(),
    )
    await assert.rejects(
      cache.take(sha256, async () => broken),
      /the line broke/,
    )
    assert.deepEqual(await cache.held(), new Map())
    assert.deepEqual(readdirSync(join(directory, 'quarantine')), [])
    await cache.drop(sha256)
  })

  it('gives what an earlier release named by its hash alone a name that nobody guesses, and keeps it', async () => {
    const places = [join(directory, 'packages'), join(directory, 'quarantine')] as const
    const sha256 = 'b'.repeat(64)
    mkdirSync(join(places[0], sha256, 'roles'), { recursive: true })
    const held = await (await openPackageCache(...places)).held()
    const name = held.get(sha256) as string
    assert.match(name, /^b{64}\.[0-9a-f]{32}$/)
    assert.deepEqual(readdirSync(places[0]), [name])
    const again = await openPackageCache(...places)
    assert.deepEqual(await again.held(), held)
    await again.drop(sha256)
    assert.deepEqual(readdirSync(places[0]), [])
  })
})
