import { byteReader } from './byte-reader.ts'
import { tableNumbers } from './metadata-schema.ts'
import { type MetadataTables, readTables } from './metadata-tables.ts'
import { readImage } from './portable-executable.ts'

/** What a library says of itself and asks of others. */
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
  /** No library of Windows, or one that is cut off or bent. */
  | { readonly kind: 'unreadable' }

/** Reads the metadata of a library (ECMA-335, II.22 to II.25). Pure, and bounded by the length of the file. */
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
  const references = rowsOf(tables, tableNumbers.assemblyRef).map(([a = 0, b = 0, c = 0, d = 0, , , text = 0]) => ({
    name: tables.text(text),
    version: `${a}.${b}.${c}.${d}`,
  }))
  const typeAt = typesOf(tables, references)
  const types = rowsOf(tables, tableNumbers.typeRef).flatMap((_, index) => typeAt(index + 1) ?? [])
  return {
    name: tables.text(name),
    version: `${major}.${minor}.${build}.${revision}`,
    isPure,
    references,
    types,
    members: membersOf(tables, typeAt),
    calls: callsOf(tables),
  }
}

function rowsOf(tables: MetadataTables, table: number): readonly (readonly number[])[] {
  return Array.from({ length: tables.count(table) }, (_, index) => tables.row(table, index + 1))
}

type TypeAt = (row: number) => { readonly assembly: string; readonly type: string } | undefined

/** Nesting of a type at most; deeper, and in a circle, is no type. */
const deepest = 16

/** The type of a row of TypeRef (II.22.38): its scope is an assembly, or the type around it. */
function typesOf(tables: MetadataTables, references: Assembly['references']): TypeAt {
  const at = (row: number, depth: number): ReturnType<TypeAt> => {
    const [scope = 0, name = 0, namespace = 0] = tables.row(tableNumbers.typeRef, row)
    const target = scope >> 2
    if ((scope & 3) === 2) {
      const space = tables.text(namespace)
      const assembly = references[target - 1]?.name
      const text = tables.text(name)
      return assembly === undefined ? undefined : { assembly, type: space === '' ? text : `${space}.${text}` }
    }
    if ((scope & 3) !== 3 || target === 0 || depth >= deepest) return undefined
    const outer = at(target, depth + 1)
    return outer && { assembly: outer.assembly, type: `${outer.type}.${tables.text(name)}` }
  }
  const known = new Map<number, ReturnType<TypeAt>>()
  return (row) => {
    if (!known.has(row)) known.set(row, at(row, 0))
    return known.get(row)
  }
}

/** II.22.25, those whose class is a type of another assembly. */
function membersOf(tables: MetadataTables, typeAt: TypeAt): Assembly['members'] {
  const found = rowsOf(tables, tableNumbers.memberRef).flatMap(([parent = 0, name = 0]) => {
    const type = (parent & 7) === 1 ? typeAt(parent >> 3) : undefined
    return type ? [{ ...type, member: tables.text(name) }] : []
  })
  return [...new Map(found.map((one) => [`${one.assembly} ${one.type} ${one.member}`, one])).values()]
}

/** II.22.22. */
function callsOf(tables: MetadataTables): Assembly['calls'] {
  return rowsOf(tables, tableNumbers.implMap).map(([, , name = 0, scope = 0]) => ({
    library: scope === 0 ? '' : tables.text(tables.row(tableNumbers.moduleRef, scope)[0] ?? 0),
    name: tables.text(name),
  }))
}
