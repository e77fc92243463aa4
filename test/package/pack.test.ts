import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { layOver } from '../../src/machine/package/lay-over.ts'
import { pack } from '../../src/machine/package/pack.ts'
import type { PackOptions } from '../../src/machine/package/pack-options.ts'
import type { ReadPackage } from '../../src/machine/package/read.ts'
import { readPackage } from '../../src/machine/package/read-package.ts'
import { toolVersion } from '../../src/machine/package/tool-version.ts'
import { smallFileBytes } from '../../src/machine/small-file.ts'
import type { Site, VirtualPath } from '../../src/service-model/definition.ts'
import { type Desk, desk } from './desk.ts'
import { bindings, web, worker, writeService } from './service.ts'

/** Packs and reads back: the warnings of both and what was read. */
async function packed(
  place: Desk,
  definition: string,
  options: Partial<PackOptions> = {},
): Promise<ReadPackage & { warnings: readonly string[] }> {
  const out = join(place.directory, 'out/shop.cspkg')
  const result = await pack({ definition, roles: {}, sites: {}, out, ...options })
  assert.ok(result.ok, result.ok ? '' : result.fault.message)
  const read = await readPackage(out, { quarantine: join(place.directory, 'q') })
  assert.ok(read.ok, read.ok ? '' : read.fault.message)
  assert.deepEqual(read.value.report.warnings, [], 'a package of ours is read without a warning (package-format.md 6)')
  return { ...read.value, warnings: result.value.warnings }
}

async function refusal(place: Desk, definition: string, options: Partial<PackOptions> = {}): Promise<string> {
  const result = await pack({ definition, roles: {}, sites: {}, out: join(place.directory, 'out.cspkg'), ...options })
  assert.ok(!result.ok, 'it was packed')
  assert.equal(result.fault.code, 'BadRequest')
  assert.ok(
    !(await readdir(place.directory)).some((name) => name.startsWith('out')),
    'nothing is left of a package that was refused',
  )
  return result.fault.message
}

async function tree(root: string | undefined): Promise<readonly string[]> {
  const entries = await readdir(root as string, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name).slice((root as string).length + 1)).toSorted()
}

const manyPlaces = `
  <Site name="Main">
    <VirtualApplication name="shop" physicalDirectory="Shop">
      <VirtualApplication name="admin" physicalDirectory="..\\nowhere"/>
      <VirtualDirectory name="pictures" physicalDirectory="Shop\\Pictures"/>
    </VirtualApplication>
    <VirtualDirectory name="own" physicalDirectory=".\\Web\\"/>
    ${bindings}
  </Site>
  <Site name="Blog" physicalDirectory="Blog"><Bindings><Binding name="b" endpointName="HttpIn" hostHeader="blog"/></Bindings></Site>`

const manyContents = {
  'Web/where.txt': 'of the role',
  'Shop/where.txt': 'of the shop',
  'Shop/Pictures/where.txt': 'of the pictures',
  'Blog/where.txt': 'of the blog',
  'elsewhere/where.txt': 'of elsewhere',
}

/** By site, or site and virtual path: its directory in the role root, and what its file `where.txt` says. */
async function contentOf(
  sites: readonly Site[] | undefined,
  root: string | undefined,
): Promise<Readonly<Record<string, readonly [directory: string, text: string]>>> {
  const placesOf = (key: string, path: Site | VirtualPath): readonly (readonly [string, string])[] => [
    [key, path.physicalDirectory ?? ''],
    ...[...path.virtualApplications, ...path.virtualDirectories].flatMap((one) => placesOf(`${key}/${one.name}`, one)),
  ]
  const read = async ([key, directory]: readonly [string, string]) => {
    const files = await tree(join(root ?? '', directory.replaceAll('\\', '/')))
    const file = files.find((name) => name.toLowerCase() === 'where.txt') ?? ''
    return [key, [directory, await readFile(join(root ?? '', directory.replaceAll('\\', '/'), file), 'utf8')]] as const
  }
  return Object.fromEntries(await Promise.all((sites ?? []).flatMap((site) => placesOf(site.name, site)).map(read)))
}

describe('pack', () => {
  it('takes the directory beside the definition that bears the role’s name', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, {
      'Worker/run.sh': 'a',
      'Worker/lib/ä [1] 100%.txt': 'b',
    })
    const { roleRoots, report, model } = await packed(place, definition)
    assert.deepEqual(await tree(roleRoots['Worker']), [
      'RoleModel.xml',
      'RuntimeSetup.Manifest',
      'approot/lib/ä [1] 100%.txt',
      'approot/run.sh',
    ])
    assert.equal(report.sdkVersion, toolVersion)
    assert.equal(model.roleModels['Worker']?.version, toolVersion)
  })

  it('states the version of this Reddog (package-format.md 6.6)', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    assert.equal(toolVersion, `${version}.0`)
  })

  it('gives the same bytes for the same input, in any time zone, when asked to (6.7)', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, `${web(`<Site name="Main">${bindings}</Site>`)}${worker}`, {
      'Worker/run.sh': 'a',
      'Web/index.html': 'b',
    })
    const zone = process.env['TZ']
    const bytes: Buffer[] = []
    for (const TZ of ['UTC', 'Asia/Tokyo']) {
      process.env['TZ'] = TZ
      const out = join(place.directory, TZ.replace('/', '-'))
      assert.ok((await pack({ definition, roles: {}, sites: {}, out, deterministic: true })).ok)
      bytes.push(await readFile(out))
    }
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
    assert.ok(bytes[0]?.equals(bytes[1] as Buffer))
  })

  it('copies content of sites that is not the role’s own to sitesroot, virtual paths after the sites (2.6, S-13)', async () => {
    await using place = await desk()
    const sites = `<Site name="Main"><VirtualApplication name="api" physicalDirectory="..\\api"/>${bindings}</Site><Site name="Blog" physicalDirectory="Blog"><Bindings><Binding name="b" endpointName="HttpIn" hostHeader="blog"/></Bindings></Site>`
    const definition = await writeService(place.directory, web(sites), {
      'Web/index.html': 'a',
      'Blog/index.html': 'b',
      'other/api.js': 'c',
    })
    const { model, roleRoots } = await packed(place, definition, {
      sites: { 'Web/Main/api': join(place.directory, 'other') },
    })
    const [main, blog] = model.roleModels['Web']?.sites ?? []
    assert.deepEqual(
      [main?.physicalDirectory, blog?.physicalDirectory, main?.virtualApplications[0]?.physicalDirectory],
      ['approot', 'sitesroot\\1', 'sitesroot\\2'],
    )
    const files = (await tree(roleRoots['Web'])).filter((path) => path.includes('root/'))
    assert.deepEqual(files, ['approot/index.html', 'sitesroot/1/index.html', 'sitesroot/2/api.js'])
  })

  for (const format of ['legacy', '2012-03-15'] as const)
    it(`names for every site and virtual path, also inside of others, the directory that holds its content, ${format} (2.6, S-13)`, async () => {
      await using place = await desk()
      const definition = await writeService(place.directory, web(manyPlaces), manyContents)
      const { model, roleRoots } = await packed(place, definition, {
        format,
        sites: { 'Web/Main/shop/admin': join(place.directory, 'elsewhere') },
      })
      assert.deepEqual(await contentOf(model.roleModels['Web']?.sites, roleRoots['Web']), {
        Main: ['approot', 'of the role'],
        'Main/shop': ['sitesroot\\2', 'of the shop'],
        'Main/shop/admin': ['sitesroot\\3', 'of elsewhere'],
        'Main/shop/pictures': ['sitesroot\\4', 'of the pictures'],
        'Main/own': ['approot', 'of the role'],
        Blog: ['sitesroot\\1', 'of the blog'],
      })
    })

  it('keeps those places when the layout of the emulator is packed, and an overlay lies over them (4, 8)', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, web(manyPlaces), manyContents)
    const csx = join(place.directory, 'shop.csx')
    const sites = { 'Web/Main/shop/admin': join(place.directory, 'elsewhere') }
    assert.ok((await pack({ definition, roles: {}, sites, out: csx, copyOnly: true })).ok)
    const out = join(place.directory, 'shop.cspkg')
    assert.ok((await pack({ definition: csx, roles: {}, sites: {}, out })).ok)
    await writeService(join(place.directory, 'overlay'), '', { 'Web/SitesRoot/1/Where.txt': 'of the overlay' })
    await rm(join(place.directory, 'overlay/ServiceDefinition.csdef'))
    assert.ok((await layOver(out, [join(place.directory, 'overlay')], join(place.directory, 'laid.cspkg'))).ok)
    const read = await readPackage(join(place.directory, 'laid.cspkg'), { quarantine: join(place.directory, 'q') })
    assert.ok(read.ok, read.ok ? '' : read.fault.message)
    const { model, roleRoots } = read.value
    assert.deepEqual(
      Object.values(await contentOf(model.roleModels['Web']?.sites, roleRoots['Web'])).map(([, text]) => text),
      ['of the role', 'of the shop', 'of elsewhere', 'of the pictures', 'of the role', 'of the overlay'],
    )
  })

  it('tells of a site without files, which the package has no directory for', async () => {
    await using place = await desk()
    const sites = `<Site name="Main" physicalDirectory="Empty">${bindings}</Site>`
    const definition = await writeService(place.directory, web(sites), { 'Web/index.html': 'a' })
    await mkdir(join(place.directory, 'Empty'))
    const { warnings } = await packed(place, definition)
    assert.match(warnings.join(), /Empty is empty, so that the package has no sitesroot\/0\. Put a file into it\./)
  })

  it('copies Contents into approot, over the role’s own files (service-model.md 2.12)', async () => {
    await using place = await desk()
    const contents = '<Contents><Content destination=".\\cfg"><SourceDirectory path="shared"/></Content></Contents>'
    const definition = await writeService(
      place.directory,
      worker.replace('</WorkerRole>', `${contents}</WorkerRole>`),
      {
        'Worker/run.sh': 'a',
        'Worker/cfg/a.json': 'old',
        'shared/a.json': 'new',
      },
    )
    const { roleRoots, warnings } = await packed(place, definition)
    assert.equal(await readFile(join(roleRoots['Worker'] as string, 'approot/cfg/a.json'), 'utf8'), 'new')
    assert.match(warnings.join(), /shared\/a\.json took the place of another file at approot\/cfg\/a\.json/)
  })

  it('packs the plug-ins that are imported, known or from a directory, and elevated certificates (2.6)', async () => {
    await using place = await desk()
    const role =
      '<WorkerRole name="Worker"><Imports><Import moduleName="RemoteAccess"/><Import moduleName="Mine"/></Imports></WorkerRole>'
    const plugin =
      '<RoleModule xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition" namespace="My.Own"><Startup><Task commandLine="setup.sh"/></Startup><ConfigurationSettings><Setting name="Key"/></ConfigurationSettings></RoleModule>'
    const definition = await writeService(place.directory, role, {
      'Worker/run.sh': 'a',
      'plugins/Mine/mine.csplugin': plugin,
      'plugins/Mine/setup.sh': 'b',
    })
    const { model, roleRoots } = await packed(place, definition, { plugins: join(place.directory, 'plugins') })
    const files = (await tree(roleRoots['Worker'])).filter((path) => path.startsWith('plugins/'))
    assert.deepEqual(files, [
      'plugins/Mine/mine.csplugin',
      'plugins/Mine/setup.sh',
      'plugins/RemoteAccess/RemoteAccess.csplugin',
    ])
    const [read] = model.definition.roles
    assert.deepEqual(read?.imports, ['RemoteAccess', 'Mine'])
    assert.deepEqual(
      read?.certificates.map(({ permissionLevel }) => permissionLevel),
      ['elevated'],
    )
    assert.ok(read?.settings.includes('My.Own.Key'))
  })

  it('says when a worker role has nothing to run (service-model.md 2.10)', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, '<WorkerRole name="Worker"/>', { 'Worker/a': '' })
    assert.match((await packed(place, definition)).warnings.join(), /"Worker" has no EntryPoint/)
  })

  it('names a .NET assembly in __entrypoint.txt, and no Node module (2.6; role-runtime.md 8, rule 2a)', async () => {
    await using place = await desk()
    const entry = (name: string, assembly: string) =>
      `<WorkerRole name="${name}"><Runtime><EntryPoint><NetFxEntryPoint assemblyName="${assembly}" targetFrameworkVersion="v4.0"/></EntryPoint></Runtime></WorkerRole>`
    const definition = await writeService(place.directory, entry('Net', 'Role.dll') + entry('Node', 'role.mjs'), {
      'Net/Role.dll': 'a',
      'Node/role.mjs': 'b',
    })
    const { model } = await packed(place, definition)
    assert.deepEqual(model.entryPointFiles, { Net: 'Role.dll' })
  })

  it('writes the lines of a properties file into RoleModel.xml', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, {
      'Worker/run.sh': 'a',
      p: 'TargetFrameworkVersion=v4.0\r\nA = b=c\n',
    })
    const { model } = await packed(place, definition, { properties: { Worker: join(place.directory, 'p') } })
    assert.deepEqual(model.roleModels['Worker']?.properties, { TargetFrameworkVersion: 'v4.0', A: ' b=c' })
  })

  it('follows links to files and directories, and says what it cannot pack', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, { 'Worker/run.sh': 'a', 'lib/l.js': 'b' })
    const role = join(place.directory, 'Worker')
    await symlink('../lib', join(role, 'lib'))
    await symlink('run.sh', join(role, 'start.sh'))
    await symlink('..', join(role, 'loop'))
    await symlink('nowhere', join(role, 'broken'))
    await mkdir(join(role, 'empty'))
    const { roleRoots, warnings } = await packed(place, definition)
    const files = (await tree(roleRoots['Worker'])).filter((path) => path.startsWith('approot/'))
    assert.ok(files.includes('approot/lib/l.js') && files.includes('approot/start.sh'), files.join())
    const told = [/broken is a link to nowhere, where there is nothing,/, /empty is empty/, /leads back to/]
    for (const expected of [...told, /3 links in .* packed as what they point to/])
      assert.match(warnings.join('\n'), expected)
  })

  it('names what is no file by what it is', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, { 'Worker/run.sh': 'a' })
    const role = join(place.directory, 'Worker')
    execFileSync('mkfifo', [join(role, 'pipe')])
    await symlink('/dev/null', join(role, 'null'))
    const server = createServer().listen(join(role, 'socket'))
    await once(server, 'listening')
    const { warnings } = await packed(place, definition)
    server.close()
    for (const expected of [
      /pipe is a named pipe, no file,/,
      /null is a device, no file,/,
      /socket is a socket, no file,/,
    ])
      assert.match(warnings.join('\n'), expected)
  })

  for (const format of ['legacy', '2012-03-15'] as const)
    it(`carries that a file may be executed, of any kind and size (${format})`, async () => {
      await using place = await desk()
      const files = { 'Worker/run.sh': 'a', 'Worker/tool.jar': 'b', 'Worker/plain.txt': 'c' }
      const definition = await writeService(place.directory, worker, files)
      const large = randomBytes(smallFileBytes + 1)
      await writeFile(join(place.directory, 'Worker/large.bin'), large)
      for (const program of ['tool.jar', 'large.bin']) await chmod(join(place.directory, 'Worker', program), 0o700)
      const { roleRoots } = await packed(place, definition, { format })
      const root = join(roleRoots['Worker'] as string, 'approot')
      assert.deepEqual(await readFile(join(root, 'large.bin')), large)
      const mode = async (path: string) => (await stat(join(root, path))).mode & 0o777
      assert.deepEqual(await Promise.all(['tool.jar', 'large.bin', 'plain.txt'].map(mode)), [0o755, 0o755, 0o644])
    })

  it('writes a ZIP that other programs read', {
    skip: existsSync('/usr/bin/unzip') ? false : 'unzip is not installed',
  }, async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, { 'Worker/run.sh': 'a', 'Worker/empty': '' })
    await writeFile(join(place.directory, 'Worker/large'), Buffer.alloc(smallFileBytes + 1, 'large '))
    const out = join(place.directory, 'out.cspkg')
    assert.ok((await pack({ definition, roles: {}, sites: {}, out })).ok)
    execFileSync('unzip', ['-tq', out])
    execFileSync('unzip', ['-q', '-d', place.directory, out])
    const [role = ''] = globSync('*.cssx', { cwd: place.directory })
    execFileSync('unzip', ['-tq', join(place.directory, role)])
  })

  it('writes the layout directory of the emulator, without IISConfigurator (4)', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, web(`<Site name="Main">${bindings}</Site>`), {
      'Web/index.html': 'a',
    })
    const out = join(place.directory, 'shop.csx')
    assert.ok((await pack({ definition, roles: {}, sites: {}, out, copyOnly: true })).ok)
    assert.deepEqual(await tree(out), [
      'ServiceDefinition.csdef',
      'ServiceDefinition.rd',
      'roles/Web/RoleModel.xml',
      'roles/Web/RuntimeSetup.Manifest',
      'roles/Web/approot/index.html',
      'servicedefinition.rdsc',
    ])
    assert.doesNotMatch(await readFile(join(out, 'roles/Web/RoleModel.xml'), 'utf8'), /IISConfigurator/)
    const again = await pack({ definition, roles: {}, sites: {}, out, copyOnly: true })
    assert.match(again.ok ? '' : again.fault.message, /is not empty/)
  })
})

describe('pack of a layout directory (4)', () => {
  const inside = `<LocalResources><LocalStorage name="Cache" sizeInMB="5"/></LocalResources><Imports><Import moduleName="RemoteAccess"/></Imports>`
  async function layout(place: Desk): Promise<string> {
    const definition = await writeService(
      place.directory,
      `${web(`<Site name="Main">${bindings}</Site>`, inside)}${worker}`,
      { 'Web/index.html': 'a', 'Worker/run.sh': 'b' },
    )
    const out = join(place.directory, 'shop.csx')
    assert.ok((await pack({ definition, roles: {}, sites: {}, out, copyOnly: true })).ok)
    return out
  }

  it('gives the package that its sources give', async () => {
    await using place = await desk()
    const csx = await layout(place)
    const ofSources = await packed(place, join(place.directory, 'ServiceDefinition.csdef'))
    await using other = await desk()
    const ofLayout = await packed(other, csx)
    for (const role of ['Web', 'Worker'])
      assert.deepEqual(await tree(ofLayout.roleRoots[role]), await tree(ofSources.roleRoots[role]))
    assert.deepEqual(ofLayout.model, { ...ofSources.model, contents: ofLayout.model.contents })
  })

  it('says that a web role with sites runs WaIISHost, as its sources do (2.4)', {
    skip: existsSync('/usr/bin/unzip') ? false : 'unzip is not installed',
  }, async () => {
    await using place = await desk()
    const out = join(place.directory, 'out.cspkg')
    const definition = await layout(place)
    assert.ok((await pack({ definition, roles: {}, sites: {}, out, format: '2012-03-15' })).ok)
    const model = execFileSync('unzip', ['-p', out, '*.rd'], { encoding: 'utf8' })
    assert.deepEqual(model.match(/\w+Host\.exe (?=")/g), ['WaIISHost.exe ', 'WaWorkerHost.exe '])
  })

  it('takes approot for sites of the build machine, and leaves the files of the vendor out', async () => {
    await using place = await desk()
    const csx = await layout(place)
    const roleModel = join(csx, 'roles/Web/RoleModel.xml')
    const text = await readFile(roleModel, 'utf8')
    await writeFile(roleModel, text.replace('physicalDirectory="approot"', 'physicalDirectory="C:\\build\\shop\\Web"'))
    await mkdir(join(csx, 'roles/Web/base/x64'), { recursive: true })
    await writeFile(join(csx, 'roles/Web/base/x64/WaIISHost.exe'), 'x')
    const { model, roleRoots } = await packed(place, csx)
    assert.equal(model.roleModels['Web']?.sites?.[0]?.physicalDirectory, 'approot')
    assert.equal(model.roleModels['Web']?.tasks[0]?.commandLine, 'IISConfigurator.exe', 'a layout has none')
    assert.ok(!(await tree(roleRoots['Web'])).some((file) => file.startsWith('base/')))
  })

  it('refuses one that is not whole, and options that it would not obey', async () => {
    await using place = await desk()
    const csx = await layout(place)
    assert.match(await refusal(place, csx, { plugins: place.directory }), /packed as they stand/)
    await writeFile(join(csx, 'roles/Web/RoleModel.xml'), '<RoleModel/>')
    assert.match(await refusal(place, csx), /is not valid.*RoleModel\.xml/s)
    await rm(join(csx, 'roles/Web/RoleModel.xml'))
    assert.match(await refusal(place, csx), /holds no RoleModel\.xml/)
    await rm(join(csx, 'roles'), { recursive: true })
    assert.match(await refusal(place, csx), /holds no directory "roles"/)
  })
})

describe('pack of an assembly that only the packer names (6)', () => {
  const plain = '<WorkerRole name="Worker"/>'
  it('names it in __entrypoint.txt, and does not say that nothing runs', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, plain, { 'Worker/WorkerRole1.dll': 'MZ' })
    const { model, warnings } = await packed(place, definition, { assemblies: { Worker: 'WorkerRole1.dll' } })
    assert.deepEqual([model.entryPointFiles, warnings], [{ Worker: 'WorkerRole1.dll' }, []])
  })

  it('is refused when it is not there, or the definition has an entry point', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, plain, { 'Worker/a.dll': 'MZ' })
    assert.match(await refusal(place, definition, { assemblies: { Worker: 'b.dll' } }), /There is no b\.dll among/)
    await writeService(place.directory, worker, {})
    assert.match(
      await refusal(place, definition, { assemblies: { Worker: 'a.dll' } }),
      /Leave out --assembly Worker=a\.dll/,
    )
  })
})

describe('pack refuses', () => {
  it('a role without its directory, and names every one that is missing', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker + worker.replace('"Worker"', '"Other"'), {})
    const message = await refusal(place, definition)
    assert.match(
      message,
      new RegExp(`There is no directory ${join(place.directory, 'Worker')}\\..*--role Worker=DIRECTORY`),
    )
    assert.match(message, new RegExp(`There is no directory ${join(place.directory, 'Other')}\\.`))
  })

  it('a site without its directory, and says how another is named', async () => {
    await using place = await desk()
    const message = await refusal(place, await writeService(place.directory, web(manyPlaces), manyContents))
    assert.match(message, /There is no directory \S+nowhere\..*--site Web\/Main\/shop\/admin=DIRECTORY/)
  })

  it('an invalid definition, with every fault at once (6.1)', async () => {
    await using place = await desk()
    const roles =
      '<WorkerRole name="Worker" vmsize="Huge"><Endpoints><InputEndpoint name="a" protocol="tcp" port="0"/></Endpoints></WorkerRole>'
    const message = await refusal(place, await writeService(place.directory, roles, {}))
    assert.match(message, /ServiceDefinition\.csdef\(1\).*Huge/)
    assert.match(message, /port/)
  })

  it('an unknown module (P-10)', async () => {
    await using place = await desk()
    const role = '<WorkerRole name="Worker"><Imports><Import moduleName="Nonsense"/></Imports></WorkerRole>'
    assert.match(await refusal(place, await writeService(place.directory, role, { 'Worker/a': '' })), /Nonsense/)
  })

  it('a definition that is not there', async () => {
    await using place = await desk()
    assert.match(await refusal(place, join(place.directory, 'gone.csdef')), /gone\.csdef cannot be read/)
  })

  it('names of roles that the definition does not have', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, { 'Worker/run.sh': '' })
    assert.match(await refusal(place, definition, { roles: { Wroker: '.' } }), /no role "Wroker"\. It has "Worker"/)
  })

  it('two files that are one where case is ignored', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, { 'Worker/a.txt': '', 'Worker/A.txt': '' })
    assert.match(await refusal(place, definition), /A\.txt and a\.txt, which are one file/)
  })

  it('a file name that a package cannot hold', async () => {
    await using place = await desk()
    const definition = await writeService(place.directory, worker, { 'Worker/a\\b.txt': '' })
    assert.match(await refusal(place, definition), /name that a package cannot hold/)
  })
})
