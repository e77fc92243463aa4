/** Every description of a document, of every floor: what it writes it reads, whatever text it is given. */

import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { Document } from '../../src/front-end/contract/wire/document.ts'
import { certificateFileTag } from '../../src/guest/contract/certificate-file.ts'
import { fullConfigTag } from '../../src/guest/contract/full-config.ts'
import { goalStateTag } from '../../src/guest/contract/goal-state.ts'
import { healthTag } from '../../src/guest/contract/health.ts'
import { rolePropertiesTag } from '../../src/guest/contract/role-properties.ts'
import { versionsTag } from '../../src/guest/contract/versions.ts'
import type { Tag } from '../../src/kernel/document/description.ts'
import {
  attribute,
  each,
  group,
  optionalAttribute,
  optionalGroup,
  saidAttribute,
} from '../../src/kernel/document/parts.ts'
import { record } from '../../src/kernel/document/record.ts'
import { count, flag, text } from '../../src/kernel/document/scalars.ts'
import { list, Misfit, mapped, optional } from '../../src/kernel/document/tag.ts'
import { parseXml } from '../../src/kernel/xml.ts'
import { discoveryTag } from '../../src/role/contract/discovery.ts'
import { hostileText, madeUp, tameText } from './made-up.ts'

interface Description {
  readonly root: Tag<unknown>
  write(value: unknown): string
  /** Throws what does not fit. */
  read(source: string): unknown
}

/** Of guests and roles. */
const tags: Readonly<Record<string, Tag<unknown>>> = {
  certificateFileTag,
  fullConfigTag,
  goalStateTag,
  healthTag,
  rolePropertiesTag,
  versionsTag,
  discoveryTag,
}

const descriptions: Readonly<Record<string, Description>> = {
  ...Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, ofTag(tag)])),
  ...(await ofFrontEnd()),
}

function ofTag(root: Tag<unknown>): Description {
  return { root, write: (value) => root.write(value)?.markup ?? '', read: (source) => root.read(parseXml(source)) }
}

/** Every document that a file of the front end's wire folder exports. */
async function ofFrontEnd(): Promise<Readonly<Record<string, Description>>> {
  const folder = join(import.meta.dirname, '../../src/front-end/contract/wire')
  const found: Record<string, Description> = {}
  for (const file of globSync('*.ts', { cwd: folder }))
    for (const [name, value] of Object.entries((await import(join(folder, file))) as Record<string, unknown>))
      if (isDocument(value)) found[name] = { ...value, read: (source) => orThrow(value.read(source)) }
  return found
}

function isDocument(value: unknown): value is Document<unknown> {
  return typeof value === 'object' && value !== null && 'root' in value && 'write' in value
}

function orThrow(result: ReturnType<Document<unknown>['read']>): unknown {
  if (!result.ok) throw new Error(result.fault.message)
  return result.value
}

/** Without properties that are undefined: whether such a one is there makes no difference. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

describe('every document', () => {
  it('is among those that are tried', () => assert.ok(Object.keys(descriptions).length > 50))

  for (const [name, { root, write, read }] of Object.entries(descriptions)) {
    it(`is read as it was written: ${name}`, () =>
      fc.assert(
        fc.property(madeUp(root, tameText), (value) => assert.deepEqual(plain(read(write(value))), plain(value))),
        { numRuns: 30 },
      ))

    it(`carries hostile text as far as XML can, and what has been carried stays: ${name}`, () =>
      fc.assert(
        fc.property(madeUp(root, hostileText), (value) => {
          const carried = read(write(value))
          assert.deepEqual(plain(read(write(carried))), plain(carried))
        }),
        { numRuns: 30 },
      ))
  }
})

describe('a description', () => {
  const item = record('Item', { name: attribute(text('name')), size: optionalAttribute(count('size')) })
  const shape = {
    version: saidAttribute('version', '1'),
    double: saidAttribute('double', ({ size }: { readonly size: number }) => 2 * size),
    outer: group('Outer', { size: count('Size'), inner: optionalGroup('Inner', { flag: optional(flag('Flag')) }) }),
    items: list('Items', item),
    others: each(record('Other', { name: text('Name') })),
  }
  const tag = record('Root', shape, { fixed: 'f' })
  const value = { size: 3, flag: true, items: [{ name: 'a', size: 1 }, { name: ' b ' }], others: [{ name: 'c' }] }
  const full =
    '<Root fixed="f" version="1" double="6"><Outer><Size>3</Size><Inner><Flag>true</Flag></Inner></Outer>' +
    '<Items><Item name="a" size="1"/><Item name=" b "/></Items><Other><Name>c</Name></Other></Root>'

  it('writes attributes and elements in its own order, groups around parts of the same record', () => {
    assert.equal(tag.write(value)?.markup, full)
    assert.equal(
      tag.write({ size: 3, items: [], others: [] })?.markup,
      '<Root fixed="f" version="1" double="6"><Outer><Size>3</Size></Outer><Items/></Root>',
    )
  })

  it('reads what it wrote, in any order, and nothing that is said for others', () => {
    assert.deepEqual(plain(tag.read(parseXml(full))), value)
    const turned = '<Root><Other><Name>c</Name></Other><Outer><Size>1</Size><Size> 3 </Size></Outer></Root>'
    assert.deepEqual(plain(tag.read(parseXml(turned))), { size: 3, items: [], others: [{ name: 'c' }] })
  })

  const faulty: Readonly<Record<string, RegExp>> = {
    '<Root/>': /^The element Root has no Outer\. Add it\.$/,
    '<Root><Outer/></Root>': /^The element Outer has no Size\. Add it\.$/,
    '<Root><Outer><Size>x</Size></Outer></Root>': /^The element Size holds "x" where a number is expected\.$/,
    '<Root><Outer><Size>1</Size></Outer>\n<Items><Item/></Items></Root>': /^The element Item has no attribute name\./,
  }
  for (const [source, message] of Object.entries(faulty))
    it(`refuses ${source.replace('\n', '')} with the line and a sentence`, () =>
      assert.throws(
        () => tag.read(parseXml(source)),
        (error) => {
          assert.ok(error instanceof Misfit)
          assert.match(error.message, message)
          assert.equal(error.line, source.includes('\n') ? 2 : 1)
          return true
        },
      ))

  it('is mapped both ways, and so is what an absent element means', () => {
    const upper = mapped(
      optional(text('Word')),
      (word: string) => word.toLowerCase(),
      (word) => (word ?? 'none').toUpperCase(),
    )
    assert.equal(upper.write('ABC')?.markup, '<Word>abc</Word>')
    assert.equal(upper.read(parseXml('<Word>abc</Word>')), 'ABC')
    assert.equal(upper.absent?.(), 'NONE')
  })
})
