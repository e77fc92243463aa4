import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type ReadAssembly, readAssembly } from '../../service-model/dotnet/read-assembly.ts'
import { readDefinitions } from '../../service-model/dotnet/read-definitions.ts'
import { assemblyFindings, type MonoLibraries, type RoleLibrary } from '../../service-model/findings/assemblies.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { beginningOf } from './beginning-of.ts'
import type { RoleFile } from './unpack-role.ts'

/** Limits for the check of one role, and for its report. Origin: choice; a large site has some hundred libraries, the largest of .NET has 25 MB. */
const most = { libraries: 300, bytes: 32 * 1024 * 1024, findings: 100 } as const

/** Directories of Mono's libraries, facades last. */
const monoDirectories = ['/usr/lib/mono/4.5', '/usr/lib/mono/4.5/Facades'] as const

/** The parts of the .NET libraries of all roles that will not work with Mono. The package is still open. */
export async function examineAssemblies(
  { definition }: ServiceModel,
  files: ReadonlyMap<string, readonly RoleFile[]>,
): Promise<readonly Finding[]> {
  const mono = monoOfTheMachine()
  const findings: Finding[] = []
  for (const role of definition.roles) {
    const all = librariesOfMono(files.get(role.name) ?? [])
    const libraries: RoleLibrary[] = []
    for (const file of all.slice(0, most.libraries)) libraries.push({ path: file.path, read: await readFile(file) })
    const found = assemblyFindings(role, libraries, mono)
    findings.push(...found.slice(0, most.findings))
    if (all.length > most.libraries || found.length > most.findings) findings.push(andMore(role.name, all.length))
  }
  return findings
}

async function readFile(file: RoleFile): Promise<ReadAssembly> {
  if (file.part.sizeBytes > most.bytes) return { kind: 'unreadable' }
  return readAssembly(await beginningOf(file, most.bytes))
}

function andMore(role: string, libraries: number): Finding {
  const reason = `Role ${role}: more is to be said of its libraries (${libraries}); ${most.libraries} at most are looked into, and the first ${most.findings} findings are told.`
  return { role, subject: 'assembly', name: '', verdict: 'passedOver', reason }
}

/**
 * Libraries that the role's process or its sites load: not those of plug-ins, not the SDK's own, and not those of .NET Core and later, whose programs
 * have a `.runtimeconfig.json` beside them.
 */
function librariesOfMono(files: readonly RoleFile[]): readonly RoleFile[] {
  const programs = files.filter(({ path }) => /\.runtimeconfig\.json$/i.test(path))
  const others = new Set(programs.map(({ path }) => dirname(path)))
  const isOthers = (path: string): boolean => path !== '.' && (others.has(path) || isOthers(dirname(path)))
  return files.filter(({ path }) => /^(?:approot|sitesroot)\/.*\.(?:dll|exe)$/i.test(path) && !isOthers(dirname(path)))
}

/** Each library is looked for once: it is asked for with every member that is used of it. */
function monoOfTheMachine(): MonoLibraries {
  const files = remembered((assembly) =>
    /^[\w.]+$/.test(assembly)
      ? monoDirectories.map((directory) => join(directory, `${assembly}.dll`)).find((file) => existsSync(file))
      : undefined,
  )
  const definitionsOf = remembered((assembly) => {
    const file = files(assembly)
    return file === undefined ? undefined : readDefinitions(readFileSync(file))
  })
  return { has: (assembly) => files(assembly) !== undefined, definitionsOf }
}

function remembered<Found>(find: (name: string) => Found): (name: string) => Found {
  const known = new Map<string, Found>()
  return (name) => {
    if (!known.has(name)) known.set(name, find(name))
    return known.get(name) as Found
  }
}
