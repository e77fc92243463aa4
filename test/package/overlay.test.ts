/** Overlays: laid over a package, read back, and refused where they reach further than they may (package-format.md 8). */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { layOver } from '../../src/machine/package/lay-over.ts'
import { overlayPartName } from '../../src/service-model/cspkg/overlay.ts'
import { type Desk, desk, readHere } from './desk.ts'
import { flatPackage, legacyPackage } from './hand-made.ts'
import { type RawEntry, rawZip } from './raw-zip.ts'

const layouts = { legacy: legacyPackage, '2012-03-15': flatPackage }

/** A package with each of these laid over it, one after the other; a record of files is a directory. */
async function laid(place: Desk, content: Buffer, overlays: readonly (Record<string, string> | Buffer)[]) {
  const named = await Promise.all(
    overlays.map(async (overlay, index) =>
      Buffer.isBuffer(overlay) ? place.put(`${index}.zip`, overlay) : tree(join(place.directory, `o${index}`), overlay),
    ),
  )
  const out = join(place.directory, 'out.cspkg')
  const made = await layOver(await place.put('in.cspkg', content), named, out)
  return made.ok ? { warnings: made.value, bytes: readFileSync(out) } : made.fault.message
}

function tree(directory: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

const textIn = (root: string | undefined, path: string) => readFileSync(join(root ?? '', path), 'utf8')

for (const [layout, make] of Object.entries(layouts))
  describe(`an overlay of a ${layout} package`, () => {
    it('lies over the role root, whatever the case, the later over the earlier; the package is whole in front of it', async () => {
      await using place = await desk()
      const own = make()
      const made = await laid(place, own, [
        { 'Worker/approot/RUN.sh': 'one', 'Worker/approot/bin/a b%.sh': 'new', 'Worker/base/x64/tool': '#!/bin/sh' },
        { 'Worker/approot/run.sh': 'two' },
      ])
      assert.ok(typeof made !== 'string', 'it was laid over the package')
      const table = own.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
      assert.deepEqual(made.bytes.subarray(0, table), own.subarray(0, table), 'its own parts stay byte for byte')
      await readHere(made.bytes, (read) => {
        assert.ok(read.ok, read.ok ? '' : read.fault.message)
        const root = read.value.roleRoots['Worker']
        assert.equal(textIn(root, 'approot/run.sh'), 'two')
        assert.equal(textIn(root, 'approot/bin/a b%.sh'), 'new')
        assert.equal(textIn(root, 'base/x64/tool'), '#!/bin/sh')
        assert.deepEqual(read.value.report.warnings, [])
      })
    })

    it('counts: the same package with another overlay is another package', async () => {
      await using place = await desk()
      const [one, other] = [
        await laid(place, make(), [{ 'Worker/approot/a': '1' }]),
        await laid(place, make(), [{ 'Worker/approot/a': '2' }]),
      ]
      assert.notDeepEqual(one, other)
    })
  })

describe('an overlay is refused', () => {
  const zips: Readonly<Record<string, readonly [entries: readonly RawEntry[], says: RegExp]>> = {
    'that climbs out': [[{ name: 'Worker/../../evil' }], /"\.\." segment/],
    'that climbs out in code': [[{ name: 'Worker/%2e%2e/%2e%2e/evil' }], /"\.\." segment/],
    'with an absolute name': [[{ name: '/etc/passwd' }], /is absolute/],
    'with a link': [[{ name: 'Worker/approot/l', data: '/etc/passwd', mode: 0o120777 }], /is a link or a device/],
    'with one name twice': [[{ name: 'Worker/a' }, { name: 'worker/A' }], /twice when case is ignored/],
    'whose file belongs to no role': [[{ name: 'startup.sh' }], /"startup\.sh" belongs to no role/],
    'that is empty': [[], /holds no files/],
    'that is a bomb': [
      [{ name: 'Worker/zeros', data: Buffer.alloc(70 * 1024 * 1024), deflate: true }],
      /times its size/,
    ],
  }
  for (const [what, [entries, says]] of Object.entries(zips))
    it(`${what}, where it is laid over a package and where somebody else has done that`, async () => {
      await using place = await desk()
      const zip = rawZip(entries)
      const refused = await laid(place, legacyPackage(), [zip])
      assert.match(typeof refused === 'string' ? refused : '', says)
      if (entries.length === 0) return
      const { createHash } = await import('node:crypto')
      const sha256 = createHash('sha256').update(zip).digest('hex')
      const outer = [{ name: overlayPartName({ place: 1, sha256 }), data: zip }]
      await readHere(legacyPackage({ outer }), (read) => assert.match(read.ok ? '' : read.fault.message, says))
    })

  it('that names a role which the package has not', async () => {
    await using place = await desk()
    const made = await laid(place, legacyPackage(), [{ 'Wroker/approot/a': '' }])
    assert.ok(typeof made !== 'string')
    await readHere(made.bytes, (read) =>
      assert.match(read.ok ? '' : read.fault.message, /no role of that name\. It has "Worker"/),
    )
  })

  it('whose bytes are not those of its name', async () => {
    const outer = [
      { name: overlayPartName({ place: 1, sha256: 'a'.repeat(64) }), data: rawZip([{ name: 'Worker/a' }]) },
    ]
    await readHere(legacyPackage({ outer }), (read) => assert.match(read.ok ? '' : read.fault.message, /SHA-256/))
  })

  it('that does not exist, or lies over what is no package', async () => {
    await using place = await desk()
    const file = await place.put('no.txt', 'text')
    const out = join(place.directory, 'out')
    const gone = await layOver(await place.put('a.cspkg', legacyPackage()), ['/no/such'], out)
    assert.match(gone.ok ? '' : gone.fault.message, /does not exist/)
    const none = await layOver(file, [tree(join(place.directory, 'o'), { 'Worker/a': '' })], out)
    assert.match(none.ok ? '' : none.fault.message, /is cut off|cannot be/)
  })

  it('says which links of a directory it has followed', async () => {
    await using place = await desk()
    const directory = tree(join(place.directory, 'linked'), { 'Worker/approot/a': 'x' })
    symlinkSync('a', join(directory, 'Worker/approot/b'))
    const made = await layOver(
      await place.put('a.cspkg', legacyPackage()),
      [directory],
      join(place.directory, 'out.cspkg'),
    )
    assert.match(made.ok ? made.value.join() : '', /was packed as what it points to/)
  })
})
