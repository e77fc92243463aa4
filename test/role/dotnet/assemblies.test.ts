/** The platform's own .NET assemblies: compiled once a host, read by its guests, and said when they are not. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { openAssemblyCache } from '../../../src/machine/dotnet/assembly-cache.ts'
import { findAssembly } from '../../../src/machine/dotnet/find-assembly.ts'
import { hasLibraries } from '../../../src/machine/dotnet/has-libraries.ts'
import { compiledDirectory, ownAssemblies } from '../../../src/machine/dotnet/own-assemblies.ts'
import { setAsideSdk } from '../../../src/machine/dotnet/set-aside-sdk.ts'
import { isDotnetFile, whyNoMono } from '../../../src/service-model/dotnet/needs-mono.ts'
import { bundles } from '../../bundle.ts'
import { writeTree } from '../../guest/guest.ts'
import { withoutMono } from './mono.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-assemblies-'))
after(() => rmSync(directory, { recursive: true }))

/** A host of its own with these files in its packages. */
function host(name: string, files: readonly string[]) {
  const programs = join(directory, name, 'programs')
  cpSync(join(bundles(), 'dotnet'), join(programs, 'dotnet'), { recursive: true })
  const places = { programs, packages: join(directory, name, 'packages'), cache: join(directory, name, 'dotnet') }
  mkdirSync(places.packages)
  writeTree(places.packages, Object.fromEntries(files.map((file) => [file, ''])))
  const said: string[] = []
  const note = (line: string) => void said.push(line)
  const log = { info: note, warn: note, error: note }
  const find = () => findAssembly({ programs, assemblies: places.cache }, 'RoleHost.exe')
  return { ...places, said, find, open: () => openAssemblyCache(places, log) }
}

const library = 'p/roles/Worker/approot/Worker.dll'

describe('our assemblies', { skip: withoutMono }, () => {
  it('are compiled when a package has .NET in it, and not again', async () => {
    const one = host('one', ['p/roles/Web/approot/server.js'])
    const cache = one.open()
    await cache.make()
    assert.deepEqual(readdirSync(one.cache), [])
    writeTree(one.packages, { [library.replace('p/', 'q/')]: '' })
    await cache.make()
    const made = compiledDirectory(one.programs, one.cache)
    assert.deepEqual(readdirSync(made).toSorted(), ownAssemblies.map(({ file }) => file).toSorted())
    assert.equal(statSync(made).mode & 0o022, 0)
    assert.ok(one.find().ok)
    const lines = one.said.length
    await one.open().make()
    assert.equal(one.said.length, lines)
  })

  it('are compiled by two at once without disturbing one another', async () => {
    const both = host('both', [library])
    await Promise.all([both.open().make(), both.open().make()])
    assert.ok(both.find().ok)
    assert.deepEqual(
      readdirSync(compiledDirectory(both.programs, both.cache)).filter((name) => !/\.(?:dll|exe)$/.test(name)),
      [],
    )
  })

  it('that do not compile keep nothing from the others, and what mcs printed is told', async () => {
    const broken = host('broken', [library])
    appendFileSync(join(broken.programs, 'dotnet/role-host/program.cs'), 'nonsense')
    await broken.open().make()
    const found = broken.find()
    assert.match(
      found.ok ? '' : found.fault.message,
      /RoleHost\.exe of the platform is missing: mcs did not compile it: .*program\.cs\(/s,
    )
    assert.ok(broken.said.some((line) => line.startsWith('mcs did not compile RoleHost.exe')))
    assert.ok(broken.said.some((line) => line.startsWith('Microsoft.WindowsAzure.ServiceRuntime.dll was compiled')))
  })

  it('that nobody has compiled yet: what to do is told', () => {
    const found = host('none', []).find()
    assert.match(found.ok ? '' : found.fault.message, /reddog instance reboot/)
  })
})

describe('libraries of a role', { skip: withoutMono }, () => {
  const sdk = 'Microsoft.WindowsAzure.ServiceRuntime.dll'

  function role(files: readonly string[]): string {
    const root = mkdtempSync(join(directory, 'role-'))
    writeTree(root, Object.fromEntries(files.map((file) => [file, ''])))
    return root
  }

  it('are in approot, or in its bin', () => {
    assert.ok(hasLibraries(role(['approot/Worker.DLL']), 'WorkerRole'))
    assert.ok(hasLibraries(role(['AppRoot/Bin/Web.dll']), 'WebRole'))
    assert.ok(!hasLibraries(role(['approot/server.js']), 'WorkerRole'))
  })

  it('are not looked for in a file where a directory should be', () => {
    for (const files of [['approot/bin', 'sitesroot/0/bin'], ['approot', 'sitesroot'], ['sitesroot/0']]) {
      const root = role(files)
      assert.ok(!hasLibraries(root, 'WebRole'))
      assert.ok(!hasLibraries(root, 'WorkerRole'))
      assert.deepEqual(setAsideSdk(root), [])
    }
  })

  it('of the SDK are set aside, where a directory has the name that they are given too', () => {
    const files = [
      `approot/bin/${sdk}`,
      `approot/bin/${sdk}.aside/file`,
      `sitesroot/0/bin/${sdk}`,
      `approot/${sdk}/file`,
    ]
    const root = role(files)
    const found = [`approot/bin/${sdk}`, `sitesroot/0/bin/${sdk}`].map((file) => join(root, file))
    assert.deepEqual(setAsideSdk(root), found)
    for (const file of found) assert.ok(statSync(`${file}.aside`).isFile())
    assert.deepEqual(setAsideSdk(root), [])
  })
})

describe('what needs Mono', () => {
  it('is a library or a page of .NET in a role, and nothing else', () => {
    const paths = [
      'Web/approot/bin/A.dll',
      'Web/sitesroot/0/Default.ASPX',
      'W/approot/w.dll',
      'Web/approot/global.asax',
    ]
    assert.deepEqual(paths.filter(isDotnetFile), paths)
    assert.deepEqual(['Web/base/x64/a.dll', 'W/approot/server.js', 'W/approot/a.dll.txt'].filter(isDotnetFile), [])
  })

  it('is told with the packages of Debian where there is none', () => {
    const lack = whyNoMono(() => false) ?? ''
    assert.match(lack, /this machine has no Mono to run it: install Debian's packages mono-runtime mono-mcs /)
    assert.equal(
      whyNoMono(() => true),
      undefined,
    )
    assert.equal(
      whyNoMono((program) => program === 'mono'),
      lack,
    )
  })
})
