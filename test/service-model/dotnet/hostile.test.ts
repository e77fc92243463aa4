/** Assemblies that a stranger wrote by hand: they are read within bounds, or refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoleDefinition } from '../../../src/service-model/definition.ts'
import { tableNumbers } from '../../../src/service-model/dotnet/metadata-schema.ts'
import { readAssembly } from '../../../src/service-model/dotnet/read-assembly.ts'
import { readDefinitions } from '../../../src/service-model/dotnet/read-definitions.ts'
import { assemblyFindings } from '../../../src/service-model/findings/assemblies.ts'
import { builtAssembly, type Names } from './built-assembly.ts'

const { typeRef, typeDef, memberRef, moduleRef, implMap, assemblyRef, nestedClass } = tableNumbers

const ofAssembly = 2
const ofType = 3

const vendor = (names: Names) => [[1, 2, 3, 4, 0, 0, names.at('Vendor')]]

/** A name as long as the format has it. */
const long = (index: number) => `${index}`.padEnd(1000, 'n')

/** Types that stand in one another, the outermost first. */
function nested(names: Names, depth: number, name: (index: number) => string): readonly (readonly number[])[] {
  return Array.from({ length: depth }, (_, index) =>
    index === 0
      ? [(1 << 2) | ofAssembly, names.at(name(0)), names.at('Space')]
      : [(index << 2) | ofType, names.at(name(index))],
  )
}

test('types in one another have the names of those around them', () => {
  const read = readAssembly(
    builtAssembly((names) => ({
      [typeRef]: nested(names, 3, (index) => `T${index}`),
      [memberRef]: [
        [(3 << 3) | 1, names.at('Do')],
        [(3 << 3) | 1, names.at('Do')],
      ],
      [assemblyRef]: vendor(names),
    })),
  )
  assert.ok(read.kind === 'managed')
  const { types, members, references } = read.assembly
  assert.deepEqual(references, [{ name: 'Vendor', version: '1.2.3.4' }])
  assert.deepEqual(
    types.map(({ type }) => type),
    ['Space.T0', 'Space.T0.T1', 'Space.T0.T1.T2'],
  )
  assert.deepEqual(members, [{ assembly: 'Vendor', type: 'Space.T0.T1.T2', member: 'Do' }])
})

test('a small library whose members are of a long named type again and again is not read', () => {
  const bytes = builtAssembly((names) => ({
    [typeRef]: nested(names, 16, long),
    [memberRef]: Array.from({ length: 30_000 }, (_, index) => [(16 << 3) | 1, names.at(`M${index}`)]),
    [assemblyRef]: vendor(names),
  }))
  assert.ok(bytes.length < 1_000_000)
  assert.equal(readAssembly(bytes).kind, 'unreadable')
})

test('nor is one whose types stand in one another without end, or in a circle', () => {
  const deep = builtAssembly((names) => ({ [typeRef]: nested(names, 2_000, long), [assemblyRef]: vendor(names) }))
  assert.equal(readAssembly(deep).kind, 'unreadable')
  const circle = builtAssembly((names) => ({
    [typeRef]: [
      [(2 << 2) | ofType, names.at('Hen')],
      [(1 << 2) | ofType, names.at('Egg')],
    ],
  }))
  assert.equal(readAssembly(circle).kind, 'unreadable')
})

test('a library of the machine that defines such types is not believed to have any', () => {
  const bytes = builtAssembly((names) => ({
    [typeDef]: Array.from({ length: 2_000 }, (_, index) => [0, names.at(long(index)), 0, 0, 1, 1]),
    [nestedClass]: Array.from({ length: 1_999 }, (_, index) => [index + 2, index + 1]),
  }))
  assert.equal(readDefinitions(bytes), undefined)
})

test('names of a library neither steer the terminal of whoever reads of them, nor fill it', () => {
  const bytes = builtAssembly((names) => ({
    [typeRef]: [[(1 << 2) | ofAssembly, names.at('Type\nwarning: none'), names.at('Space')]],
    [moduleRef]: [[names.at('kernel\u001b[2J')]],
    [implMap]: [[0, 0, names.at(long(1)), 1]],
    [assemblyRef]: [[1, 2, 3, 4, 0, 0, names.at('System\u202e')]],
  }))
  const mono = { has: () => true, definitionsOf: () => new Map() }
  const told = assemblyFindings({ name: 'Web' } as RoleDefinition, [{ path: 'a.dll', read: readAssembly(bytes) }], mono)
  const reasons = told.map(({ reason }) => reason)
  assert.deepEqual(reasons, [
    `Role Web: a.dll calls ${long(1).slice(0, 199)}… of kernel [2J, a library for Windows: that throws DllNotFoundException.`,
    'Role Web: a.dll asks for System  1.2.3.4, which neither the package nor Mono has: that throws FileNotFoundException. Put it beside the library.',
    'Role Web: a.dll uses the type Space.Type warning: none, which Mono has not: what comes to that throws TypeLoadException.',
  ])
})
