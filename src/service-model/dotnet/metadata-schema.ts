/** A column: a number of 2 or 4 bytes, an index into a heap, into a table, or into one of several. */
type Column = 2 | 4 | 'string' | 'guid' | 'blob' | { readonly table: number } | { readonly of: CodedIndex }

interface CodedIndex {
  /** Bits that say which table is meant. */
  readonly bits: number
  readonly tables: readonly number[]
}

/** Tables that are asked for by name. */
export const tableNumbers = {
  typeRef: 0x01,
  typeDef: 0x02,
  field: 0x04,
  methodDef: 0x06,
  memberRef: 0x0a,
  moduleRef: 0x1a,
  implMap: 0x1c,
  assembly: 0x20,
  assemblyRef: 0x23,
  exportedType: 0x27,
  nestedClass: 0x29,
} as const

const table = (number: number): Column => ({ table: number })
const coded = (bits: number, ...tables: readonly number[]): Column => ({ of: { bits, tables } })

const typeDefOrRef = coded(2, 0x02, 0x01, 0x1b)
const hasConstant = coded(2, 0x04, 0x08, 0x17)
const hasCustomAttribute: Column = {
  of: {
    bits: 5,
    tables: [
      0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27, 0x28,
      0x2a, 0x2c, 0x2b,
    ],
  },
}
const hasFieldMarshal = coded(1, 0x04, 0x08)
const hasDeclSecurity = coded(2, 0x02, 0x06, 0x20)
const memberRefParent = coded(3, 0x02, 0x01, 0x1a, 0x06, 0x1b)
const hasSemantics = coded(1, 0x14, 0x17)
const methodDefOrRef = coded(1, 0x06, 0x0a)
const memberForwarded = coded(1, 0x04, 0x06)
const customAttributeType = coded(3, -1, -1, 0x06, 0x0a, -1)
const resolutionScope = coded(2, 0x00, 0x1a, 0x23, 0x01)

const implementation = coded(2, 0x26, 0x23, 0x27)

/** Columns of the tables that come before the last one that is read, by number (ECMA-335, II.22); numbers never assigned are missing. */
export const tableSchemas: readonly (readonly Column[] | undefined)[] = [
  [2, 'string', 'guid', 'guid', 'guid'],
  [resolutionScope, 'string', 'string'],
  [4, 'string', 'string', typeDefOrRef, table(0x04), table(0x06)],
  [table(0x04)],
  [2, 'string', 'blob'],
  [table(0x06)],
  [4, 2, 2, 'string', 'blob', table(0x08)],
  [table(0x08)],
  [2, 2, 'string'],
  [table(0x02), typeDefOrRef],
  [memberRefParent, 'string', 'blob'],
  [2, hasConstant, 'blob'],
  [hasCustomAttribute, customAttributeType, 'blob'],
  [hasFieldMarshal, 'blob'],
  [2, hasDeclSecurity, 'blob'],
  [2, 4, table(0x02)],
  [4, table(0x04)],
  ['blob'],
  [table(0x02), table(0x14)],
  [table(0x14)],
  [2, 'string', typeDefOrRef],
  [table(0x02), table(0x17)],
  [table(0x17)],
  [2, 'string', 'blob'],
  [2, table(0x06), hasSemantics],
  [table(0x02), methodDefOrRef, methodDefOrRef],
  ['string'],
  ['blob'],
  [2, memberForwarded, 'string', table(0x1a)],
  [4, table(0x04)],
  undefined,
  undefined,
  [4, 2, 2, 2, 2, 4, 'blob', 'string', 'string'],
  [4],
  [4, 4, 4],
  [2, 2, 2, 2, 4, 'blob', 'string', 'string', 'blob'],
  [4, table(0x23)],
  [4, 4, 4, table(0x23)],
  [4, 'string', 'blob'],
  [4, 4, 'string', 'string', implementation],
  [4, 4, 'string', implementation],
  [table(0x02), table(0x02)],
]

/** Bytes of a column, which follow from how much it can point at. */
export function columnBytes(
  column: Column,
  {
    rows,
    heaps,
  }: { readonly rows: readonly number[]; readonly heaps: Readonly<Record<'string' | 'guid' | 'blob', number>> },
): number {
  if (typeof column === 'number') return column
  if (typeof column === 'string') return heaps[column]
  if ('table' in column) return (rows[column.table] ?? 0) < 2 ** 16 ? 2 : 4
  const { bits, tables } = column.of
  return Math.max(0, ...tables.map((number) => rows[number] ?? 0)) < 2 ** (16 - bits) ? 2 : 4
}
