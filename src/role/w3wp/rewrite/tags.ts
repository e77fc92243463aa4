import { type TagFilter, tagFiltersOf } from '../../../service-model/web-config/rewrite/outbound-schema.ts'
import type { CustomTags } from '../../../service-model/web-config/rewrite/rewrite.ts'

/** The value of one attribute of one tag, in a text of HTML. */
export interface TagValue {
  /** In lower case. */
  readonly tag: string
  readonly attribute: string
  readonly start: number
  readonly end: number
}

/** Attributes of the predefined tags, as the module documents them (I-54). */
const predefined: Readonly<Record<Exclude<TagFilter, 'None' | 'CustomTags'>, readonly string[]>> = {
  A: ['href'],
  Area: ['href'],
  Base: ['href'],
  Form: ['action'],
  Frame: ['src', 'longdesc'],
  Head: ['profile'],
  IFrame: ['src', 'longdesc'],
  Img: ['src', 'longdesc', 'usemap'],
  Input: ['src', 'usemap'],
  Link: ['href'],
  Script: ['src'],
}

/** The attributes that a rule looks at, as `tag attribute` in lower case. */
export function attributesOf(filterByTags: string, custom: CustomTags | undefined): ReadonlySet<string> {
  const pairs = tagFiltersOf(filterByTags).flatMap((filter) => {
    if (filter === undefined || filter === 'None') return []
    if (filter === 'CustomTags') return (custom?.items ?? []).map(({ name, attribute }) => `${name} ${attribute}`)
    return predefined[filter].map((attribute) => `${filter} ${attribute}`)
  })
  return new Set(pairs.map((pair) => pair.toLowerCase()))
}

/** What the scanner takes at one place; each expression can fit in one way alone, so that it passes over a text once. */
const opening = /<(?:!--|([a-z][^\s/>]*))/giy
const attribute = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/gy

/** Elements whose content is no markup. */
const raw: ReadonlySet<string> = new Set(['script', 'style', 'textarea', 'title'])

/** The values of attributes of a text of HTML, in order. Text in comments and scripts is not a tag. */
export function* tagValues(text: string): Generator<TagValue> {
  const lower = text.toLowerCase()
  let at = 0
  for (;;) {
    at = text.indexOf('<', at)
    if (at < 0) return
    opening.lastIndex = at
    const [all, name] = opening.exec(text) ?? ['<']
    at += all.length
    if (all === '<!--') at = after(lower, '-->', at)
    if (name === undefined) continue
    const tag = name.toLowerCase()
    at = yield* attributesAt(text, tag, at)
    if (raw.has(tag)) at = after(lower, `</${tag}`, at)
  }
}

function after(text: string, end: string, at: number): number {
  const found = text.indexOf(end, at)
  return found < 0 ? text.length : found + end.length
}

function* attributesAt(text: string, tag: string, begin: number): Generator<TagValue, number> {
  let at = begin
  for (;;) {
    attribute.lastIndex = at
    const found = attribute.exec(text)
    if (!found) return at
    at = attribute.lastIndex
    const [, name = '', double, single, bare] = found
    const value = double ?? single ?? bare
    if (value === undefined) continue
    const end = at - (bare === undefined ? 1 : 0)
    yield { tag, attribute: name.toLowerCase(), start: end - value.length, end }
  }
}
