/** Roles of .NET for tests: our assemblies as a host compiles them, and libraries of customers, compiled from the text of a test. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAssemblyCache } from '../../../src/machine/dotnet/assembly-cache.ts'
import { compiledDirectory } from '../../../src/machine/dotnet/own-assemblies.ts'
import { type Guest, roleModel, inGuest as startedIn, writeTree } from '../../guest/guest.ts'
import { copyPrograms } from '../../guest/programs.ts'

/** What a test file needs, made once; `dispose` removes it. */
export interface DotnetHouse {
  readonly programs: string
  /** Directory in which the host has compiled, as guests are told it. */
  readonly assemblies: string
  /** Where our assemblies are, to be referenced. */
  readonly compiled: string
  readonly said: readonly string[]
  readonly dispose: () => void
}

export async function dotnetHouse(): Promise<DotnetHouse> {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-dotnet-'))
  const programs = copyPrograms()
  const packages = join(directory, 'packages')
  writeTree(packages, { 'p/roles/Worker/approot/Worker.dll': '' })
  const assemblies = join(directory, 'dotnet')
  const said: string[] = []
  const note = (line: string) => void said.push(line)
  await openAssemblyCache({ programs, packages, cache: assemblies }, { info: note, warn: note, error: note }).make()
  return {
    programs,
    assemblies,
    compiled: compiledDirectory(programs, assemblies),
    said,
    dispose: () => [directory, programs].forEach((path) => rmSync(path, { recursive: true, force: true })),
  }
}

const using = `using System; using System.Collections.Generic; using System.Diagnostics; using System.IO; using System.Linq; using System.Net; using System.Threading;
using Microsoft.WindowsAzure.Diagnostics; using Microsoft.WindowsAzure.ServiceRuntime;`

/** Compiles a library against ours; `references` are more of them, or names of Mono's. */
export function compileLibrary(
  { compiled }: DotnetHouse,
  file: string,
  source: string,
  references: readonly string[] = [],
): void {
  const own = ['ServiceRuntime', 'Diagnostics'].map((name) => join(compiled, `Microsoft.WindowsAzure.${name}.dll`))
  const named = [...own, 'System.Core.dll', 'System.Configuration.dll', ...references].map((name) => `-r:${name}`)
  writeFileSync(`${file}.cs`, source.startsWith('using') ? source : `${using}\n${source}`)
  execFileSync('mcs', ['-nologo', '-define:TRACE', '-target:library', `-out:${file}`, ...named, `${file}.cs`])
  rmSync(`${file}.cs`)
}

/** `RoleModel.xml` of a role whose entry point is that library. */
export function libraryModel(library: string): string {
  return roleModel(
    `<Runtime><EntryPoint><NetFxEntryPoint assemblyName="${library}" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime>`,
  )
}

/** A guest with a worker role whose class has these members; `files` are more of the role's. */
export async function inDotnetGuest(
  house: DotnetHouse,
  members: string,
  act: (guest: Guest) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const software = mkdtempSync(join(tmpdir(), 'reddog-dotnet-role-'))
  try {
    mkdirSync(join(software, 'approot'))
    compileLibrary(house, join(software, 'approot/Worker.dll'), `public class Worker : RoleEntryPoint { ${members} }`)
    writeTree(software, { 'RoleModel.xml': libraryModel('Worker.dll'), ...files })
    await inGuestOf(house, software, act)
  } finally {
    rmSync(software, { recursive: true })
  }
}

/** The same with a role that lies there already. */
export function inGuestOf(house: DotnetHouse, software: string, act: (guest: Guest) => Promise<void>): Promise<void> {
  const { programs, assemblies } = house
  return startedIn({ programs, software, settings: { assemblies } }, act)
}
