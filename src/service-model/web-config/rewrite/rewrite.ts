import type { Layer } from '../layer.ts'
import { collection, type Effective, section, text } from '../schema.ts'
import { globalRules, rules } from './inbound-schema.ts'
import { outboundRules } from './outbound-schema.ts'

const mapEntry = section({ key: text(), value: text('') })

/** The sections of `rewrite`, by their name (I-30, I-52 to I-54). */
export const rewriteSections = {
  allowedServerVariables: collection({}, { schema: section({ name: text() }), key: ['name'] }),
  globalRules,
  outboundRules,
  rewriteMaps: collection(
    {},
    {
      item: 'rewriteMap',
      schema: collection({ name: text(), defaultValue: text('') }, { schema: mapEntry, key: ['key'] }),
      key: ['name'],
    },
  ),
  rules,
} as const

export type RewriteSection = keyof typeof rewriteSections

/** The `rewrite` of one file, for its URL directory. */
export interface RewriteLayer {
  /** With a slash at both ends; `/` for the root of the site. */
  readonly directory: string
  readonly sections: Readonly<Partial<Record<RewriteSection, Layer>>>
}

/** Where a rule stands. */
export interface Placed {
  /** Its file's URL directory, to which its `match` and its relative URLs are relative (I-49); `/` for global rules. */
  readonly directory: string
  readonly file: string
  readonly line: number
}

type Item<Name extends RewriteSection> = Effective<(typeof rewriteSections)[Name]>['items'][number]

/** An inbound rule, global or distributed. */
export type InboundRule = Item<'rules'> & Placed
export type OutboundRule = Item<'outboundRules'> & Placed
export type RewriteMap = Item<'rewriteMaps'>
export type PreCondition = Effective<typeof outboundRules>['preConditions']['items'][number]
export type CustomTags = Effective<typeof outboundRules>['customTags']['items'][number]

/** The rules that are in force for a directory, in the order in which they are asked. */
export interface RewriteRules {
  readonly globalRules: readonly InboundRule[]
  readonly rules: readonly InboundRule[]
  readonly outboundRules: readonly OutboundRule[]
  readonly preConditions: readonly PreCondition[]
  readonly customTags: readonly CustomTags[]
  /** Faults of outbound rules are 500.53 instead of 500.52. */
  readonly rewriteBeforeCache: boolean
  readonly rewriteMaps: readonly RewriteMap[]
  /** Names of server variables that distributed rules may set. */
  readonly allowedServerVariables: readonly string[]
}
