import { byteReader } from './byte-reader.ts'
import { tableNumbers } from './metadata-schema.ts'
import { type MetadataTables, nameIn, readTables } from './metadata-tables.ts'
import { readImage } from './portable-executable.ts'

/** A type that an assembly has. */
export interface TypeDefinition {
  /** Names of its own methods and fields. */
  readonly members: ReadonlySet<string>
  /** The type whose members it has too; undefined for none. */
  readonly base?: BaseType | undefined
}

export interface BaseType {
  /** Undefined for the assembly itself. */
  readonly assembly?: string | undefined
  readonly type: string
}

/** Types of an assembly by their names, nested ones as `Outer.Inner`; a type that is another assembly's affair is undefined there. */
export type Definitions = ReadonlyMap<string, TypeDefinition | undefined>

/** The types and members that an assembly of the machine offers. Undefined when it cannot be read. */
export function readDefinitions(file: Uint8Array): Definitions | undefined {
  try {
    const image = readImage(byteReader(file))
    return image?.kind === 'managed' ? definitionsOf(readTables(image.metadata)) : undefined
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return undefined
  }
}

function definitionsOf(tables: MetadataTables): Definitions {
  const names = namesOf(tables)
  const definitions = new Map<string, TypeDefinition | undefined>(forwardedIn(tables).map((name) => [name, undefined]))
  for (const [index, name] of names.entries()) {
    const members = new Set([...membersOf(tables, index + 1, 'field'), ...membersOf(tables, index + 1, 'methodDef')])
    definitions.set(name, { members, base: baseOf(tables, names, index + 1) })
  }
  return definitions
}

/** Types that another assembly has (II.22.14); a nested one names that around it, which stands before it. */
function forwardedIn(tables: MetadataTables): readonly string[] {
  const names: string[] = []
  for (let row = 1; row <= tables.count(tableNumbers.exportedType); row++) {
    const [, , name = 0, namespace = 0, place = 0] = tables.row(tableNumbers.exportedType, row)
    const around = (place & 3) === 2 ? names[(place >> 2) - 1] : undefined
    names.push(around === undefined ? fullName(tables, namespace, name) : nameIn(tables, around, name))
  }
  return names
}

function fullName(tables: MetadataTables, namespace: number, name: number): string {
  return nameIn(tables, tables.text(namespace), name)
}

/** II.22.37; II.22.32 says of each nested one which is around it, and those around stand first. */
function namesOf(tables: MetadataTables): readonly string[] {
  const outer = new Map<number, number>()
  for (let row = 1; row <= tables.count(tableNumbers.nestedClass); row++) {
    const [inner = 0, around = 0] = tables.row(tableNumbers.nestedClass, row)
    outer.set(inner, around)
  }
  const names: string[] = []
  for (let row = 1; row <= tables.count(tableNumbers.typeDef); row++) {
    const [, name = 0, namespace = 0] = tables.row(tableNumbers.typeDef, row)
    const around = names[(outer.get(row) ?? 0) - 1]
    names.push(around === undefined ? fullName(tables, namespace, name) : nameIn(tables, around, name))
  }
  return names
}

/** A type's rows go up to those of the next type. */
function membersOf(tables: MetadataTables, type: number, kind: 'field' | 'methodDef'): readonly string[] {
  const [list, text] = kind === 'field' ? [4, 1] : [5, 3]
  const table = tableNumbers[kind]
  const first = tables.row(tableNumbers.typeDef, type)[list] ?? 0
  const isLast = type === tables.count(tableNumbers.typeDef)
  const end = isLast ? tables.count(table) + 1 : (tables.row(tableNumbers.typeDef, type + 1)[list] ?? 0)
  return Array.from({ length: Math.max(0, end - first) }, (_, index) =>
    tables.text(tables.row(table, first + index)[text] ?? 0),
  )
}

/** A base that is made from a generic type, or lies deeper, is of an assembly without a name: nobody knows it. */
function baseOf(tables: MetadataTables, names: readonly string[], type: number): BaseType | undefined {
  const base = tables.row(tableNumbers.typeDef, type)[3] ?? 0
  const row = base >> 2
  if (row === 0) return undefined
  const own = names[row - 1]
  if ((base & 3) === 0) return own === undefined ? undefined : { type: own }
  if ((base & 3) !== 1) return { assembly: '', type: '' }
  const [scope = 0, name = 0, namespace = 0] = tables.row(tableNumbers.typeRef, row)
  if ((scope & 3) !== 2) return { assembly: '', type: '' }
  const [, , , , , , assembly = 0] = tables.row(tableNumbers.assemblyRef, scope >> 2)
  return { assembly: tables.text(assembly), type: fullName(tables, namespace, name) }
}
