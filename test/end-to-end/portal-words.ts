import { english } from '../../src/client/portal/browser/messages/en/messages.ts'
import { japanese } from '../../src/client/portal/browser/messages/ja/messages.ts'

/** What the portal says, by language; tests name what a person looks for by the sentences that he reads. */
export const languages = { 'en-GB': english, 'ja-JP': japanese } as const

export type Locale = keyof typeof languages

/** A sentence with its places filled: `Walk upgrade domain {{number}}`. */
export function filled(sentence: string, places: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (_, place: string) => String(places[place]))
}
