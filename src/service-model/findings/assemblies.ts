import { printable } from '../../kernel/printable.ts'
import type { RoleDefinition } from '../definition.ts'
import { monoPackageOf } from '../dotnet/mono-assemblies.ts'
import type { Assembly, ReadAssembly } from '../dotnet/read-assembly.ts'
import type { BaseType, Definitions, TypeDefinition } from '../dotnet/read-definitions.ts'
import type { Finding } from './finding.ts'

/** A library of a role, by its path below the role root. */
export interface RoleLibrary {
  readonly path: string
  readonly read: ReadAssembly
}

/** The machine's parts of Mono. */
export interface MonoLibraries {
  readonly has: (assembly: string) => boolean
  /** Undefined when it is missing, or cannot be read. */
  readonly definitionsOf: (assembly: string) => Definitions | undefined
}

/** Libraries of ours, which stand for those of the SDK. */
const ours: ReadonlySet<string> = new Set([
  'Microsoft.WindowsAzure.ServiceRuntime',
  'Microsoft.WindowsAzure.Diagnostics',
])

/** Libraries of other systems that Mono finds the like of, or has itself. */
const elsewhere = /^(?:lib[\w.+-]*|__internal|qcall|mono[\w.-]*|system\.native|sqlite3|gdiplus|odbc32)(?:\.dll)?$/i

/** Most names of one kind in a finding; for more it gives the number. */
const mostNames = 8

/** Characters of a name in a finding at most: a stranger wrote it into the library. Origin: choice; a long one of the field has a hundred. */
const longestName = 200

/**
 * What in a role's libraries will not work with Mono, library by library with its member: code for Windows, functions of Windows, libraries, types
 * and members that do not exist; first the packages that this machine lacks, and the libraries that are unknown. None of it prevents a role from
 * starting: it throws when it is reached.
 */
export function assemblyFindings(
  { name: role }: RoleDefinition,
  libraries: readonly RoleLibrary[],
  mono: MonoLibraries,
): readonly Finding[] {
  const managed = onceEach(libraries)
  const brought = new Set([...ours, ...managed.map(({ assembly }) => assembly.name)].map((name) => name.toLowerCase()))
  const told = managed
    .filter(({ assembly }) => !ours.has(assembly.name))
    .flatMap(({ path, assembly }) =>
      faultsOf(assembly, brought, mono).map(
        (fault): Finding => ({
          role,
          subject: 'assembly',
          name: path,
          verdict: 'passedOver',
          reason: `Role ${role}: ${path} ${fault}`,
        }),
      ),
    )
  return [...lacking(role, managed, brought, mono), ...unread(role, libraries), ...told]
}

interface Named {
  readonly path: string
  readonly assembly: Assembly
}

/** A site's library often lies in the role's directory too. */
function onceEach(libraries: readonly RoleLibrary[]): readonly Named[] {
  const known = new Map<string, Named>()
  for (const { path, read } of libraries)
    if (read.kind === 'managed') {
      const key = `${read.assembly.name} ${read.assembly.version}`
      if (!known.has(key)) known.set(key, { path, assembly: read.assembly })
    }
  return [...known.values()]
}

function faultsOf(assembly: Assembly, brought: ReadonlySet<string>, mono: MonoLibraries): readonly string[] {
  const mixed = assembly.isPure ? [] : ['holds code for Windows beside that of .NET (C++/CLI), and cannot be loaded.']
  return [
    ...mixed,
    ...callFaults(assembly),
    ...referenceFaults(assembly, brought),
    ...memberFaults(assembly, brought, mono),
    ...storageFaults(assembly),
  ]
}

/** Clients of services that a storage account of the fabric lacks, in Microsoft's libraries of all versions. */
const beyondBlobs = /^Microsoft\..*\.(?:Cloud(?:Queue|Table|File)Client|TableServiceContext)$/

function storageFaults({ types, members }: Assembly): readonly string[] {
  const asked = types.map(({ type }) => type).filter((type) => beyondBlobs.test(type))
  const emulator = members.some(({ type, member }) => ofEmulator.test(`${type}.${member}`))
    ? [
        'uses CloudStorageAccount.DevelopmentStorageAccount, the storage emulator of a development machine, which an instance has not: what asks it throws. Take the connection string from a setting.',
      ]
    : []
  return [...emulator, ...beyond(asked)]
}

const ofEmulator = /^Microsoft\..*\.CloudStorageAccount\.get_DevelopmentStorageAccount$/

function beyond(asked: readonly string[]): readonly string[] {
  if (asked.length === 0) return []
  const names = namesText(asked.map((type) => type.slice(type.lastIndexOf('.') + 1)))
  return [
    `uses ${names}: an account of the fabric has blobs alone. Give its setting the connection string of another account.`,
  ]
}

function callFaults({ isPure, calls }: Assembly): readonly string[] {
  if (!isPure) return []
  const strange = calls.filter(({ library }) => library !== '' && !elsewhere.test(library))
  return [...Map.groupBy(strange, ({ library }) => library)].map(
    ([library, functions]) =>
      `calls ${namesText(functions.map(({ name }) => name))} of ${printable(library, longestName)}, a library for Windows: that throws DllNotFoundException.`,
  )
}

function referenceFaults({ references }: Assembly, brought: ReadonlySet<string>): readonly string[] {
  const nobodys = references.filter(({ name }) => !brought.has(name.toLowerCase()) && monoPackageOf(name) === undefined)
  if (nobodys.length === 0) return []
  const names = namesText(nobodys.map(({ name, version }) => `${name} ${version}`))
  return [
    `asks for ${names}, which neither the package nor Mono has: that throws FileNotFoundException. Put it beside the library.`,
  ]
}

function memberFaults(assembly: Assembly, brought: ReadonlySet<string>, mono: MonoLibraries): readonly string[] {
  const isMonos = (name: string) => !brought.has(name.toLowerCase()) && mono.has(name)
  const missingTypes = assembly.types.filter(({ assembly: of, type }) => {
    const definitions = isMonos(of) ? mono.definitionsOf(of) : undefined
    return definitions !== undefined && !definitions.has(type)
  })
  const missing = new Set(missingTypes.map(({ assembly: of, type }) => `${of} ${type}`))
  const missingMembers = assembly.members.filter(
    ({ assembly: of, type, member }) =>
      isMonos(of) && !missing.has(`${of} ${type}`) && !hasMember(of, type, member, mono),
  )
  return [
    ...sentenceOn(
      'the type',
      missingTypes.map(({ type }) => type),
      'TypeLoadException',
    ),
    ...sentenceOn(
      'the member',
      missingMembers.map(({ type, member }) => `${type}.${member}`),
      'MissingMethodException',
    ),
  ]
}

function sentenceOn(what: string, names: readonly string[], error: string): readonly string[] {
  if (names.length === 0) return []
  const many = names.length > 1 ? 's' : ''
  return [`uses ${what}${many} ${namesText(names)}, which Mono has not: what comes to that throws ${error}.`]
}

/** Classes above a type at most that are asked for a member. */
const mostBases = 32

/** Whether a type of Mono, or one that it derives from, has a member. A type that cannot be followed counts as having it. */
function hasMember(assembly: string, type: string, member: string, mono: MonoLibraries): boolean {
  let at: BaseType | undefined = { assembly, type }
  let of = assembly
  for (let depth = 0; at && depth < mostBases; depth++) {
    of = at.assembly ?? of
    const found: TypeDefinition | undefined = mono.definitionsOf(of)?.get(at.type)
    if (!found || found.members.has(member)) return true
    at = found.base
  }
  return at !== undefined
}

function unread(role: string, libraries: readonly RoleLibrary[]): readonly Finding[] {
  // A program that is none of .NET, as node.exe, is nothing that Mono would load.
  const paths = libraries
    .filter(({ read, path }) => read.kind === 'unreadable' && /\.dll$/i.test(path))
    .map(({ path }) => path)
  if (paths.length === 0) return []
  const name = namesText(paths)
  const reason = `Role ${role}: of ${name} nothing is known. What is no library of Windows, is cut off or bent, or larger than any of the field is not looked into.`
  return [{ role, subject: 'assembly', name, verdict: 'passedOver', reason }]
}

/** What must be installed on the machine, for all roles' libraries in one sentence. */
function lacking(
  role: string,
  libraries: readonly Named[],
  brought: ReadonlySet<string>,
  mono: MonoLibraries,
): readonly Finding[] {
  const wanted = libraries
    .flatMap(({ assembly }) => assembly.references)
    .filter(({ name }) => !brought.has(name.toLowerCase()) && !mono.has(name))
    .flatMap(({ name }) => monoPackageOf(name) ?? [])
  if (wanted.length === 0) return []
  const packages = [...new Set(wanted)].toSorted().join(' ')
  const reason = `Role ${role}: its libraries ask for libraries of Mono that this machine has not. Install Debian's packages ${packages}.`
  return [{ role, subject: 'assembly', name: packages, verdict: 'passedOver', reason }]
}

function namesText(names: readonly string[]): string {
  const all = [...new Set(names.map((name) => printable(name, longestName)))]
  const rest = all.length - mostNames
  return rest > 0 ? `${all.slice(0, mostNames).join(', ')} and ${rest} more` : all.join(', ')
}
