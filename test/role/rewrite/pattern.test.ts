/** Patterns against the built-in engine of ECMAScript, which is the judge (I-55). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { compilePattern } from '../../../src/role/w3wp/rewrite/pattern/compile-pattern.ts'
import { BadPattern, budgetFor, OverBudget } from '../../../src/role/w3wp/rewrite/pattern/pattern.ts'

const find = (source: string, text: string, ignoreCase = true) =>
  compilePattern(source, { syntax: 'ECMAScript', ignoreCase }).find(text, 0, budgetFor())

/** What the built-in engine finds. */
function judged(source: string, text: string, ignoreCase: boolean) {
  const found = new RegExp(source, ignoreCase ? 'i' : '').exec(text)
  if (!found) return undefined
  const captures = Array.from(found, (capture: string | undefined) => capture ?? '')
  return { index: found.index, end: found.index + found[0].length, captures }
}

const atom = fc.constantFrom(
  'a',
  'b',
  'B',
  '/',
  '\\.',
  '.',
  '\\d',
  '\\W',
  '\\s',
  '[ab]',
  '[^a/]',
  '[A-Z0-9_]',
  '[^]',
  '[\\w-]',
  '^',
  '$',
  '\\b',
)
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '{2}', '{1,2}', '{0,3}?')
const source = fc.letrec<{ readonly part: string; readonly all: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?=', '(?!'), tie('all'), quantifier)
      .map(([open, all, times]) => `${open}${all})${times}`),
    fc.tuple(fc.constantFrom('(?<=', '(?<!'), tie('all')).map(([open, all]) => `${open}${all})`),
    fc.tuple(fc.constantFrom('a', 'b', '[ab/]', '.', '\\1', '\\2', '\\S'), quantifier).map((both) => both.join('')),
  ),
  all: fc
    .array(fc.array(tie('part'), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
    .map((ways) => ways.map((way) => way.join('')).join('|')),
})).all
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '/', '.', '1', ' ', '\n', 'é', 'É'), maxLength: 8 })

describe('a pattern', () => {
  it('finds what ECMAScript finds, whatever its features, or gives up', () => {
    fc.assert(
      fc.property(source, text, fc.boolean(), (source, text, ignoreCase) => {
        try {
          assert.deepEqual(find(source, text, ignoreCase), judged(source, text, ignoreCase))
        } catch (error) {
          if (!(error instanceof OverBudget)) throw error
        }
      }),
      { numRuns: 2_000 },
    )
  })

  const explosive = [
    '(a+)+$',
    '(a|a)*$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(?=(a+)+$)x',
    '(?!(a+)+$)x',
    '(a*)*\\1c',
    '(.*)(.*)(.*)(.*)(.*)(?=c)',
  ]
  for (const source of explosive)
    it(`never runs for ever: ${source}`, () => {
      const budget = budgetFor()
      try {
        compilePattern(source, { syntax: 'ECMAScript', ignoreCase: true }).find(`${'a'.repeat(5_000)}!`, 0, budget)
      } catch (error) {
        assert.ok(error instanceof OverBudget)
      }
      assert.ok(budget.left >= -10_000)
    })

  it('takes no step of the budget where an engine of linear time can run it', () => {
    for (const source of [
      '^server.js\\/debug[\\/]?',
      '^(www\\.)(.*)$',
      '(.*?)/?$',
      '^([_0-9a-zA-Z-]+/)?(wp-.*)',
      '(?:^|&)id=([0-9]+)(?:&|$)',
      '([a-z]+)*',
    ]) {
      const budget = budgetFor()
      compilePattern(source, { syntax: 'ECMAScript', ignoreCase: true }).find('articles/12', 0, budget)
      assert.deepEqual([source, budget], [source, budgetFor()])
    }
  })

  const refused = [
    '(',
    '[',
    '*a',
    'a{2,1}',
    '(?<n>a)(?<n>b)',
    '(?i)a',
    '((((a{99}){99}){99}){99})(?=b)',
    'a'.repeat(20_000),
    `${'('.repeat(7_000)}${')'.repeat(7_000)}`,
  ]
  for (const source of refused)
    it(`is refused: ${source.slice(0, 40)}`, () => assert.throws(() => find(source, 'a'), BadPattern))
})

const kinds = [
  {
    syntax: 'Wildcard',
    source: '*/*.html',
    text: 'contoso/test.html',
    captures: ['contoso/test.html', 'contoso', 'test'],
  },
  { syntax: 'Wildcard', source: '/Scripts/*_in.???', text: '/scripts/x_in.asp', captures: ['/scripts/x_in.asp', 'x'] },
  { syntax: 'Wildcard', source: 'a.b', text: 'axb' },
  { syntax: 'Wildcard', source: 'a', text: 'ab' },
  { syntax: 'Wildcard', source: '', text: '', captures: [''] },
  { syntax: 'ExactMatch', source: '</BODY>', text: 'x</body>', captures: ['</body>'] },
  { syntax: 'ExactMatch', source: '.', text: 'a' },
] as const

describe('the other syntaxes', () => {
  for (const { syntax, source, text, ...row } of kinds)
    it(`${syntax} ${source} on ${text}`, () => {
      const found = compilePattern(source, { syntax, ignoreCase: true }).find(text, 0, budgetFor())
      assert.deepEqual(found?.captures, 'captures' in row ? row.captures : undefined)
    })
})
