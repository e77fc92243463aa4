import { type AttributeSchema, choice, collection, flag, section, text, whole } from '../schema.ts'
import { preCondition, ruleAttributes, textConditions } from './inbound-schema.ts'

/** Names of `filterByTags` that stand for an element of HTML, and `CustomTags` for a list of one's own (I-54). */
const filters = [
  'None',
  'A',
  'Area',
  'Base',
  'Form',
  'Frame',
  'Head',
  'IFrame',
  'Img',
  'Input',
  'Link',
  'Script',
  'CustomTags',
] as const

export type TagFilter = (typeof filters)[number]

const filterByTags: AttributeSchema<string> = {
  read: (written) => (tagFiltersOf(written).includes(undefined) ? undefined : written),
  wanted: `a list of ${filters.join(', ')}`,
  fallback: { value: 'None' },
}

/** The names in a `filterByTags`; undefined for each unknown word. */
export function tagFiltersOf(written: string): readonly (TagFilter | undefined)[] {
  const words = written.split(',').map((word) => word.trim().toLowerCase())
  return words.map((word) => filters.find((filter) => filter.toLowerCase() === word))
}

const match = section({
  serverVariable: text(''),
  filterByTags,
  customTags: text(''),
  pattern: text(''),
  occurrences: whole(0, 2 ** 31 - 1, 0),
  ignoreCase: flag(true),
  negate: flag(false),
})

const action = section({ type: choice(['None', 'Rewrite'], 'None'), value: text(''), replace: flag(true) })

const preConditions = collection({}, { item: 'preCondition', schema: preCondition, key: ['name'] })

const tag = section({ name: text(), attribute: text() })

const customTags = collection(
  {},
  {
    item: 'tags',
    schema: collection({ name: text() }, { item: 'tag', schema: tag, key: ['name', 'attribute'] }),
    key: ['name'],
  },
)

/** `outboundRules`: changes of responses (I-54). */
export const outboundRules = collection(
  { rewriteBeforeCache: flag(false) },
  {
    item: 'rule',
    schema: section({ ...ruleAttributes, preCondition: text('') }, { match, conditions: textConditions, action }),
    key: ['name'],
  },
  { preConditions, customTags },
)
