import { byteReader } from './byte-reader.ts'
import { tableNumbers } from './metadata-schema.ts'
import { type MetadataTables, nameIn, readTables } from './metadata-tables.ts'
import { readImage } from './portable-executable.ts'

/** Facts about a library, and what it needs from others. */
export interface Assembly {
  readonly name: string
  readonly version: string
  /** False: it has code of a processor beside that of .NET. */
  readonly isPure: boolean
  readonly references: readonly { readonly name: string; readonly version: string }[]
  /** Types of other assemblies, `System.Web.HttpContext`, each once. */
  readonly types: readonly { readonly assembly: string; readonly type: string }[]
  /** Members of those, each name of a type once. */
  readonly members: readonly { readonly assembly: string; readonly type: string; readonly member: string }[]
  /** Functions of unmanaged libraries. */
  readonly calls: readonly { readonly library: string; readonly name: string }[]
}

export type ReadAssembly =
  | { readonly kind: 'managed'; readonly assembly: Assembly }
  | { readonly kind: 'native' }
  /** Not a library of Windows, or one that is cut off, damaged, or larger than the limit. */
  | { readonly kind: 'unreadable' }

/** Reads the metadata of a library (ECMA-335, II.22 to II.25). Pure; its memory is bounded by the length of the file and by the characters of its names. */
export function readAssembly(file: Uint8Array): ReadAssembly {
  try {
    const image = readImage(byteReader(file))
    if (!image) return { kind: 'unreadable' }
    if (image.kind === 'native') return image
    return { kind: 'managed', assembly: assemblyOf(readTables(image.metadata), image.isPure) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { kind: 'unreadable' }
  }
}

function assemblyOf(tables: MetadataTables, isPure: boolean): Assembly {
  const [, major = 0, minor = 0, build = 0, revision = 0, , , name = 0] =
    tables.count(tableNumbers.assembly) > 0 ? tables.row(tableNumbers.assembly, 1) : []
  const references = rowsOf(tables, tableNumbers.assemblyRef)
    .map(([a = 0, b = 0, c = 0, d = 0, , , text = 0]) => ({ name: tables.text(text), version: `${a}.${b}.${c}.${d}` }))
    .toArray()
  const typeAt = typesOf(tables, references)
  return {
    name: tables.text(name),
    version: `${major}.${minor}.${build}.${revision}`,
    isPure,
    references,
    types: rowsOf(tables, tableNumbers.typeRef)
      .map((_, index) => typeAt(index + 1))
      .filter((type) => type !== undefined)
      .toArray(),
    members: membersOf(tables, typeAt),
    calls: callsOf(tables),
  }
}

function* rowsOf(tables: MetadataTables, table: number): Generator<readonly number[], undefined> {
  for (let row = 1; row <= tables.count(table); row++) yield tables.row(table, row)
}

type TypeAt = (row: number) => { readonly assembly: string; readonly type: string } | undefined

/** Most types around one another that are followed; deeper ones, or a circle, occur in no library. Origin: choice. */
const deepest = 16

/** The type of a row of TypeRef (II.22.38): its scope is an assembly, or the type around it. */
function typesOf(tables: MetadataTables, references: Assembly['references']): TypeAt {
  const known = new Map<number, ReturnType<TypeAt>>()
  const named = (assembly: string, around: string, name: number) => {
    tables.spend(assembly.length)
    return { assembly, type: nameIn(tables, around, name) }
  }
  const read = (row: number, depth: number): ReturnType<TypeAt> => {
    const [scope = 0, name = 0, namespace = 0] = tables.row(tableNumbers.typeRef, row)
    const target = scope >> 2
    const assembly = (scope & 3) === 2 ? references[target - 1]?.name : undefined
    if (assembly !== undefined) return named(assembly, tables.text(namespace), name)
    const outer = (scope & 3) === 3 && target > 0 ? at(target, depth + 1) : undefined
    return outer && named(outer.assembly, outer.type, name)
  }
  const at = (row: number, depth: number): ReturnType<TypeAt> => {
    if (depth > deepest) throw new RangeError('Its types stand in one another deeper than those of any library.')
    if (!known.has(row)) known.set(row, read(row, depth))
    return known.get(row)
  }
  return (row) => at(row, 0)
}

/** II.22.25, those whose class is a type of another assembly. */
function membersOf(tables: MetadataTables, typeAt: TypeAt): Assembly['members'] {
  const found = new Map<string, Assembly['members'][number]>()
  for (const [parent = 0, name = 0] of rowsOf(tables, tableNumbers.memberRef)) {
    const type = (parent & 7) === 1 ? typeAt(parent >> 3) : undefined
    const key = `${parent} ${name}`
    if (!type || found.has(key)) continue
    // A report about it names its type again.
    tables.spend(type.assembly.length + type.type.length)
    found.set(key, { ...type, member: tables.text(name) })
  }
  return [...found.values()]
}

/** II.22.22. */
function callsOf(tables: MetadataTables): Assembly['calls'] {
  return rowsOf(tables, tableNumbers.implMap)
    .map(([, , name = 0, scope = 0]) => ({
      library: scope === 0 ? '' : tables.text(tables.row(tableNumbers.moduleRef, scope)[0] ?? 0),
      name: tables.text(name),
    }))
    .toArray()
}
