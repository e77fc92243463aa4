/** The portal's sentences: every language has them all, the pages use them all, and no page has a sentence of its own (issue 12). */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { english } from '../../src/client/portal/browser/messages/en/messages.ts'
import { japanese } from '../../src/client/portal/browser/messages/ja/messages.ts'
import { literalWordsIn, type Use, usesIn } from './message-uses.ts'

const browser = join(import.meta.dirname, '../../src/client/portal/browser')

type Messages = Readonly<Record<string, unknown>>

/** Sentences by their namespace and key, `shell:signIn.title`. */
function sentencesOf(messages: Messages): ReadonlyMap<string, string> {
  return new Map(Object.entries(messages).flatMap(([namespace, found]) => below(`${namespace}:`, '', found)))
}

function below(namespace: string, path: string, found: unknown): readonly (readonly [string, string])[] {
  if (typeof found === 'string') return [[namespace + path, found]]
  return Object.entries(found as Messages).flatMap(([key, inner]) =>
    below(namespace, path === '' ? key : `${path}.${key}`, inner),
  )
}

const sentences = sentencesOf(english)
const sources = globSync('**/*.{ts,tsx}', { cwd: browser, exclude: ['**/*.d.ts', 'messages/**'] }).map((file) => ({
  file,
  text: readFileSync(join(browser, file), 'utf8'),
}))
const uses = sources.flatMap(({ file, text }) => usesIn(file, text).map((use) => ({ file, ...use })))

/** The sentences that a use may show: of a plural, each of its forms. */
function shownBy({ namespace, key }: Use): readonly string[] {
  return [...sentences.keys()].filter((name) => {
    const [of, ...rest] = name.split(':')
    const path = rest.join(':')
    return (
      (namespace === undefined || of === namespace) && key.test(path.replace(/_(?:zero|one|two|few|many|other)$/, ''))
    )
  })
}

function placeholdersOf(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\{\{\s*([\w-]+)[^{}]*\}\}/g)].map(([, name = '']) => name).toSorted()
}

describe("the portal's sentences", () => {
  for (const [language, messages] of Object.entries({ en: english, ja: japanese }))
    it(`are all listed: ${language}`, () => {
      const files = globSync('*.json', { cwd: join(browser, 'messages', language) })
      const contents = files.map((file) => readFileSync(join(browser, 'messages', language, file), 'utf8'))
      const inOrder = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).toSorted()
      assert.deepEqual(inOrder(Object.values(messages)), inOrder(contents.map((text) => JSON.parse(text) as unknown)))
    })

  it('are the same ones in both languages, with the same placeholders', () => {
    const shape = (messages: Messages) =>
      [...sentencesOf(messages)].map(([name, text]) => `${name} ${placeholdersOf(text).join(' ')}`).toSorted()
    assert.deepEqual(shape(japanese), shape(english))
  })

  it('say something', () => {
    const all = [...sentences, ...sentencesOf(japanese)]
    assert.deepEqual(
      all.filter(([, text]) => text.trim() === '').map(([name]) => name),
      [],
    )
  })

  it('are each shown by some page', () => {
    const shown = new Set(uses.flatMap(shownBy))
    assert.deepEqual(
      [...sentences.keys()].filter((name) => !shown.has(name)),
      [],
    )
  })

  it('are there where a page shows one', () => {
    const missing = uses.filter((use) => use.isNamed && shownBy(use).length === 0)
    assert.deepEqual(
      missing.map(({ file, namespace, key }) => `${file} shows ${namespace}:${key.source}`),
      [],
    )
  })

  it('are given what their placeholders stand for', () => {
    const lacking = uses.flatMap((use) => {
      const given = use.options
      if (!given || !use.isNamed) return []
      // Of several that a template may mean, what all of them need.
      const [first, ...others] = shownBy(use).map((name) => placeholdersOf(sentences.get(name) ?? ''))
      const wanted = (first ?? []).filter((name) => others.every((other) => other.includes(name)))
      return wanted.filter((name) => !given.includes(name)).map((name) => `${use.file}: ${use.key.source} ${name}`)
    })
    assert.deepEqual(lacking, [])
  })
})

describe('a page', () => {
  it('has no words of its own: all are in the message files', () => {
    assert.deepEqual(
      sources.flatMap(({ file, text }) => literalWordsIn(file, text).map((words) => `${file}: ${words}`)),
      [],
    )
  })
})
