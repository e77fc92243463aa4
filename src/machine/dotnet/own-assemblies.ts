import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An assembly of ours, compiled on the machine that runs it: nothing compiled is part of Reddog. */
export interface OwnAssembly {
  readonly file: string
  /** Directory of its sources below those of all. */
  readonly sources: string
  /** Assemblies of Mono that it asks for, and those of ours, which stand before it in the list. */
  readonly references: readonly string[]
}

/** In the order in which they are compiled. */
export const ownAssemblies = [
  {
    file: 'Microsoft.WindowsAzure.ServiceRuntime.dll',
    sources: 'service-runtime',
    references: ['System.Core.dll', 'System.Xml.dll'],
  },
  { file: 'Microsoft.WindowsAzure.Diagnostics.dll', sources: 'diagnostics', references: [] },
  {
    file: 'RoleHost.exe',
    sources: 'role-host',
    references: ['System.Core.dll', 'Microsoft.WindowsAzure.ServiceRuntime.dll'],
  },
  {
    file: 'SiteHost.exe',
    sources: 'site-host',
    references: [
      'System.Core.dll',
      'System.Configuration.dll',
      'System.Web.dll',
      'System.ServiceModel.dll',
      'System.ServiceModel.Activation.dll',
      'Mono.Posix.dll',
      'Microsoft.WindowsAzure.ServiceRuntime.dll',
    ],
  },
] as const satisfies readonly OwnAssembly[]

export type OwnAssemblyFile = (typeof ownAssemblies)[number]['file']

/** Digits of the digest of the sources that name a directory of the cache. */
const digestDigits = 16

/** Directory of the sources, where tools/build.ts puts them beside the bundles. */
export function sourcesDirectory(programs: string): string {
  return join(programs, 'dotnet')
}

/** Place of the assemblies compiled from these sources, below `cache`; it changes with the sources. Throws the system's error when there are none. */
export function compiledDirectory(programs: string, cache: string): string {
  const hash = createHash('sha256').update(JSON.stringify(ownAssemblies))
  const sources = sourcesDirectory(programs)
  for (const { sources: name } of ownAssemblies)
    for (const file of sourceFiles(join(sources, name))) hash.update(file).update(readFileSync(file))
  return join(cache, hash.digest('hex').slice(0, digestDigits))
}

/** The C# files of an assembly, sorted. */
export function sourceFiles(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cs'))
    .toSorted()
    .map((name) => join(directory, name))
}

/** The file that says why an assembly could not be compiled. */
export function failureOf(file: string): string {
  return `${file}.failure`
}
