import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { ZipFile } from 'yazl'
import { defaultPackageLimits, type PackageLimits } from '../../src/machine/package/limits.ts'
import { openZip } from '../../src/machine/package/open-zip.ts'
import { readPackage } from '../../src/machine/package/read-package.ts'
import { desk, readHere } from './desk.ts'
import { definition, flatPackage, legacyPackage, roleModel } from './hand-made.ts'
import { rawZip } from './raw-zip.ts'

interface Case {
  readonly what: string
  readonly content: Buffer
  readonly says: RegExp
  readonly limits?: Partial<PackageLimits>
}

const link = 0o120777
const MiB = 1024 * 1024

function withXpath(xpath: string): string {
  const variable = `<Environment><Variable name="V"><RoleInstanceValue xpath="${xpath}"/></Variable></Environment>`
  return roleModel.replace('<EntryPoint>', `${variable}$&`)
}

function withTaskOf(module: string): string {
  const task = `<Task commandLine="agent.sh" relativePath="plugins\\${module}"><Environment/></Task>`
  return roleModel.replace('<Runtime', `<Startup>${task}</Startup>$&`)
}

const cases: readonly Case[] = [
  {
    what: 'the task of a plug-in whose directory is missing (P-10)',
    content: legacyPackage({ roleModel: withTaskOf('Watcher'), roleFiles: [{ name: 'plugins/Watch/Watcher' }] }),
    says: /role "Worker" imports the plug-in Watcher, but the package has no directory plugins\/Watcher/,
  },
  { what: 'an empty file', content: Buffer.alloc(0), says: /Not a service package: it is empty\./ },
  { what: 'a text', content: Buffer.from('<html>'), says: /Not a service package: it is no ZIP file/ },
  { what: 'a ZIP of another kind', content: rawZip([{ name: 'a.txt' }]), says: /Not a service package.*_rels\/\.rels/ },
  {
    what: 'an OPC package of another kind',
    content: rawZip([
      { name: '_rels/.rels', data: '<Relationships><Relationship Id="rId1" Target="/word.xml"/></Relationships>' },
    ]),
    says: /Not a service package.*without a service manifest/,
  },
  {
    what: 'a name with ..',
    content: legacyPackage({ outer: [{ name: '../evil' }] }),
    says: /"\.\.\/evil".*"\.\." segment/,
  },
  {
    what: 'an encoded ..',
    content: legacyPackage({ roleFiles: [{ name: 'approot/%2e%2e/%2e%2e/evil' }] }),
    says: /"\.\." segment/,
  },
  {
    what: 'an encoded separator',
    content: legacyPackage({ roleFiles: [{ name: '..%2f..%2fevil' }] }),
    says: /"\.\." segment/,
  },
  {
    what: 'a .. with back slashes',
    content: legacyPackage({ roleFiles: [{ name: 'approot\\..\\..\\evil' }] }),
    says: /"\.\." segment/,
  },
  {
    what: 'an absolute name',
    content: legacyPackage({ roleFiles: [{ name: '/tmp/evil' }] }),
    says: /"\/tmp\/evil".*absolute/,
  },
  { what: 'a share', content: legacyPackage({ roleFiles: [{ name: '\\\\server\\share' }] }), says: /absolute/ },
  { what: 'a drive letter', content: legacyPackage({ roleFiles: [{ name: 'C:/evil' }] }), says: /drive letter/ },
  {
    what: 'a control character',
    content: legacyPackage({ roleFiles: [{ name: 'approot/a\u0000b' }] }),
    says: /control character/,
  },
  {
    what: 'a name of 300 bytes',
    content: legacyPackage({ roleFiles: [{ name: `approot/${'ä'.repeat(150)}` }] }),
    says: /more than 255 bytes/,
  },
  {
    what: 'one name twice',
    content: legacyPackage({ unlisted: [{ name: 'approot/run.sh' }] }),
    says: /"approot\/run\.sh".*twice/,
  },
  {
    what: 'two names that differ in case',
    content: legacyPackage({ unlisted: [{ name: 'APPROOT/Run.sh' }] }),
    says: /twice when case is ignored/,
  },
  {
    what: 'a file that is also a directory',
    content: legacyPackage({ roleFiles: [{ name: 'approot/run.sh/a' }] }),
    says: /both a file and a directory/,
  },
  {
    what: 'a link',
    content: legacyPackage({ roleFiles: [{ name: 'approot/passwd', data: '/etc/passwd', mode: link }] }),
    says: /link or a device/,
  },
  {
    what: 'an encrypted entry',
    content: legacyPackage({ roleFiles: [{ name: 'approot/x', deflate: true, encrypted: true }] }),
    says: /encrypted ZIP entry/,
  },
  {
    what: 'an unknown method',
    content: legacyPackage({ roleFiles: [{ name: 'approot/x', method: 14 }] }),
    says: /method 14/,
  },
  {
    what: 'more bytes than stated',
    content: legacyPackage({
      roleFiles: [{ name: 'approot/x', data: Buffer.alloc(MiB), deflate: true, statedSize: 10 }],
    }),
    says: /"Worker_1\.cssx\/approot\/x" has another size than its ZIP states/,
  },
  {
    what: 'a bomb by ratio',
    content: legacyPackage({ roleFiles: [{ name: 'approot/x', data: Buffer.alloc(4 * MiB), deflate: true }] }),
    limits: { ratioFromBytes: MiB },
    says: /times its size, and the limit is 100/,
  },
  {
    what: 'a role that is too large',
    content: legacyPackage({ roleFiles: [{ name: 'approot/x', data: Buffer.alloc(MiB) }] }),
    limits: { roleBytes: MiB },
    says: /more than a role may hold, and the limit is 1 MiB/,
  },
  {
    what: 'one content under many names',
    content: flatPackage([
      { path: '\\RoleModel.xml', content: roleModel },
      { path: '\\a', content: 'x'.repeat(MiB) },
      { path: '\\b', content: undefined, reference: 'LocalContent/1' },
      { path: '\\c', content: undefined, reference: 'LocalContent/1' },
    ]),
    limits: { totalBytes: 2 * MiB },
    says: /the limit is 2 MiB/,
  },
  {
    what: 'a package that is too large',
    content: legacyPackage(),
    limits: { packageBytes: 100 },
    says: /the limit is 100 bytes/,
  },
  {
    what: 'too many entries',
    content: legacyPackage({ roleFiles: Array.from({ length: 50 }, (_, index) => ({ name: `approot/${index}` })) }),
    limits: { entries: 20 },
    says: /has 54 entries, and the limit is 20/,
  },
  {
    what: 'a part of XML that is too long',
    content: legacyPackage(),
    limits: { textBytes: 100 },
    says: /the limit is 100 bytes/,
  },
  {
    what: 'entities in XML',
    content: legacyPackage({ roleModel: `<!DOCTYPE a [<!ENTITY b "c">]>${roleModel}` }),
    says: /RoleModel\.xml.*document type declarations are not accepted/,
  },
  {
    what: 'a document type in the relationships',
    content: rawZip([{ name: '_rels/.rels', data: '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Relationships/>' }]),
    says: /"_rels\/\.rels".*document type/,
  },
  {
    what: 'broken XML',
    content: legacyPackage({ definition: '<ServiceDefinition' }),
    says: /ServiceDefinition\.csdef/,
  },
  {
    what: 'bytes that are no text',
    content: rawZip([{ name: '_rels/.rels', data: Buffer.from([0xc3, 0x28]) }]),
    says: /no readable text/,
  },
  {
    what: 'a wrong hash',
    content: legacyPackage({
      roleManifest: (text) =>
        text.replace(/hash="[0-9A-F]{64}" uri="\/approot/, `hash="${'0'.repeat(64)}" uri="/approot`),
    }),
    says: /damaged: part "Worker_1\.cssx\/approot\/run\.sh" does not have the SHA-256/,
  },
  {
    what: 'a listed part that is absent',
    content: legacyPackage({ roleManifest: (text) => text.replace('uri="/approot/run.sh"', 'uri="/approot/gone"') }),
    says: /"Worker_1\.cssx\/approot\/gone" is listed in the package and absent/,
  },
  {
    what: 'an unknown hash type',
    content: legacyPackage({ roleManifest: (text) => text.replace('hashtype="1"', 'hashtype="9"') }),
    says: /hash type 9/,
  },
  {
    what: 'a role without definition',
    content: legacyPackage({ role: 'Other', roleModel: roleModel.replace('"Worker"', '"Other"') }),
    says: /"Worker" is defined, but.*"Other", which is not defined/,
  },
  {
    what: 'a role model of another role',
    content: legacyPackage({ roleModel: roleModel.replace('"Worker"', '"Web"') }),
    says: /describes the role "Web"/,
  },
  {
    what: 'a role name that climbs',
    content: legacyPackage({ role: '../../evil' }),
    says: /no role name|"\.\." segment/,
  },
  {
    what: 'an invalid packaged definition',
    content: legacyPackage({
      definition: definition.replace(
        '<Endpoints/>',
        '<Endpoints><InputEndpoint name="a" protocol="tcp" port="0"/></Endpoints>',
      ),
    }),
    says: /service model of the package is not valid.*ServiceDefinition\.csdef\(1\)/,
  },
  {
    what: 'an encrypted package (2.7)',
    content: legacyPackage({ keyType: '2' }),
    says: /encrypted \(key type 2\).*definition can be read: service "shop", WorkerRole "Worker".*SDK of version 1\.6 or later/,
  },
  {
    what: 'a 2012-03-15 package with absent parts (3)',
    content: flatPackage([
      { path: '\\RoleModel.xml', content: roleModel },
      { path: '\\approot\\a.js', content: undefined },
      { path: '\\approot\\b.js', content: undefined },
    ]),
    says: /file \\approot\\a\.js of the role "Worker" refers to the part "LocalContent\/1", which is absent and 1 other files.*service "shop"/,
  },
  {
    what: 'a 2012-03-15 package with a wrong hash',
    content: flatPackage([
      { path: '\\RoleModel.xml', content: roleModel, statedHash: Buffer.alloc(32).toString('base64') },
    ]),
    says: /"LocalContent\/0" does not have the SHA-256/,
  },
  {
    what: 'a 2012-03-15 package with a wrong length',
    content: flatPackage([{ path: '\\RoleModel.xml', content: roleModel, statedLength: 7 }]),
    says: /"LocalContent\/0" has \d+ bytes where package\.xml states 7/,
  },
  {
    what: 'a 2012-03-15 package with a path that climbs',
    content: flatPackage([{ path: '\\..\\..\\evil', content: 'x' }]),
    says: /"\.\." segment/,
  },
  {
    what: 'an xpath outside the closed list',
    content: legacyPackage({ roleModel: withXpath('/RoleEnvironment/Roles') }),
    says: /Variable V of role Worker: the xpath \/RoleEnvironment\/Roles is not one of the expressions/,
  },
  {
    what: 'a definition of many elements',
    content: legacyPackage({ definition: `<a>${'<b/>'.repeat(20_000)}</a>` }),
    says: /there are more than 10000 elements/,
  },
  {
    what: 'a definition of many characters',
    content: legacyPackage({ definition: `<a>${' '.repeat(2_000_000)}</a>` }),
    says: /the document has 2000007 characters; 1048576 are the most/,
  },
  {
    what: 'a 2012-03-15 package with one path twice',
    content: flatPackage([
      { path: '\\a', content: 'x' },
      { path: '\\A', content: 'y' },
    ]),
    says: /lists "a" twice/,
  },
]

describe('a service package is refused before anything is written outside its quarantine', () => {
  for (const { what, content, says, limits } of cases)
    it(what, async () => {
      await using place = await desk()
      const file = await place.put('a.cspkg', content)
      const result = await readPackage(file, {
        quarantine: join(place.directory, 'quarantine'),
        ...(limits && { limits }),
      })
      assert.ok(!result.ok, 'the package was accepted')
      assert.equal(result.fault.code, 'BadRequest')
      assert.match(result.fault.message, says)
      assert.deepEqual(await readdir(place.directory), ['a.cspkg'])
    })

  it('whatever its bytes do to the reading process: time', async () => {
    await using place = await desk()
    // A gigabyte that packs to a thousandth: more than a second of work on any machine.
    const data = Buffer.alloc(64 * MiB)
    const roleFiles = Array.from({ length: 16 }, (_, number) => ({ name: `approot/${number}`, data, deflate: true }))
    const file = await place.put('a.cspkg', legacyPackage({ roleFiles }))
    const limits = { processorSeconds: 1, ratio: 2_000 }
    const result = await readPackage(file, { quarantine: join(place.directory, 'q'), limits, verifiesOnly: true })
    assert.match(result.ok ? '' : result.fault.message, /reading it took more than 1 s of processor time/)
    assert.deepEqual(await readdir(place.directory), ['a.cspkg'])
  })

  it('whatever its bytes do to the reading process: memory', async () => {
    await using place = await desk()
    const swollen = (manifest: string) => manifest.replace('</Contents>', `${'<b/>'.repeat(500_000)}</Contents>`)
    const file = await place.put('a.cspkg', legacyPackage({ roleManifest: swollen }))
    const result = await readPackage(file, { quarantine: join(place.directory, 'q'), limits: { memoryMiB: 40 } })
    assert.match(result.ok ? '' : result.fault.message, /XML parts need more than 40 MiB of memory/)
    assert.deepEqual(await readdir(place.directory), ['a.cspkg'])
  })
})

describe('a hand-made package is read', () => {
  it('and what becomes of it is asked by whoever looks at it, not again by each host that unpacks it', async () => {
    await using place = await desk()
    const file = await place.put('a.cspkg', legacyPackage())
    const looked = await readPackage(file, { quarantine: join(place.directory, 'q'), verifiesOnly: true })
    assert.ok(looked.ok)
    assert.deepEqual(
      looked.value.findings.map(({ subject, verdict }) => [subject, verdict]),
      [['entryPoint', 'asIs']],
    )
    const unpacked = await readPackage(file, { quarantine: join(place.directory, 'r') })
    assert.ok(unpacked.ok)
    assert.deepEqual(unpacked.value.findings, [])
  })

  it('with an xpath that names nothing, and a warning (2.14)', async () => {
    await using place = await desk()
    const xpath = "/RoleEnvironment/CurrentInstance/Endpoints/Endpoint[@name='Gone']/@port"
    const file = await place.put('a.cspkg', legacyPackage({ roleModel: withXpath(xpath) }))
    const result = await readPackage(file, { quarantine: join(place.directory, 'q') })
    assert.ok(result.ok)
    assert.match(result.value.report.warnings.join(), /Endpoint Gone, which the role does not have.* stays unset/)
  })

  it('with the tasks of a plug-in that is there, in whatever case, and of one of the SDK that is not (P-10)', async () => {
    const own = legacyPackage({ roleModel: withTaskOf('watcher'), roleFiles: [{ name: 'Plugins/Watcher/agent.sh' }] })
    for (const content of [own, legacyPackage({ roleModel: withTaskOf('RemoteAccess') })])
      await readHere(content, (result) => assert.ok(result.ok, result.ok ? '' : result.fault.message))
  })

  it('with entries of foreign tools, directories, unlisted files and directories of two spellings', async () => {
    await using place = await desk()
    const content = legacyPackage({
      outer: [{ name: '__MACOSX/._a' }],
      roleFiles: [
        { name: 'AppRoot/lib/a%20b.js', data: 'x', deflate: true },
        { name: 'base/x64/WaHostBootstrapper.exe', data: 'MZ' },
        { name: 'approot/start', data: '#!/bin/sh\n' },
      ],
      unlisted: [{ name: 'approot/' }, { name: 'approot/smuggled' }],
    })
    const file = await place.put('a.cspkg', content)
    const result = await readPackage(file, { quarantine: join(place.directory, 'q') })
    assert.ok(result.ok)
    const root = result.value.roleRoots['Worker'] as string
    assert.equal(root, join(place.directory, 'q/roles/Worker'))
    assert.deepEqual((await readdir(root, { recursive: true })).toSorted(), [
      'RoleModel.xml',
      'approot',
      'approot/lib',
      'approot/lib/a b.js',
      'approot/run.sh',
      'approot/start',
    ])
    const mode = async (path: string) => (await stat(join(root, path))).mode & 0o777
    assert.deepEqual(
      await Promise.all(['RoleModel.xml', 'approot', 'approot/run.sh', 'approot/start'].map(mode)),
      [0o644, 0o755, 0o755, 0o755],
    )
    assert.match(result.value.report.warnings.join(), /"Worker_1\.cssx\/approot\/smuggled" is listed in no manifest/)
    assert.deepEqual(result.value.model.contents, { Worker: { files: 4, bytes: roleModel.length + 21 } })
    assert.ok(!existsSync(join(place.directory, 'q/parts')))
  })

  it('in ZIP64, with its entries in any order (1)', async () => {
    await using place = await desk()
    const file = await place.put('plain.cspkg', legacyPackage())
    await using plain = await openZip(file, '', defaultPackageLimits)
    const zip = new ZipFile()
    for (const part of [...plain.parts.values()].toReversed())
      zip.addBuffer(await buffer(part.bytes()), part.path, { forceZip64Format: true })
    zip.end({ forceZip64Format: true, comment: '' })
    const content = await buffer(zip.outputStream)
    assert.ok(content.includes('PK\u0006\u0006'), 'the end of its directory is that of ZIP64')
    await readHere(content, (result) => assert.ok(result.ok, result.ok ? '' : result.fault.message))
  })

  it('in the 2012-03-15 layout, where one name stands for its version', async () => {
    await readHere(flatPackage(), async (result) => {
      assert.ok(result.ok)
      assert.equal(result.value.report.kind, '2012-03-15')
      assert.equal(result.value.model.sdkVersion, '1.8.31004.1351')
      assert.equal(await readFile(join(result.value.roleRoots['Worker'] as string, 'RoleModel.xml'), 'utf8'), roleModel)
    })
  })
})
