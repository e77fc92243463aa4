/** What the engine promises beside the documented examples (I-49 to I-53, I-55). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { type Asked, ask, type File, prepared, read, words } from './asking.ts'

const rule = (inside: string, attributes = '') => `<rule name="R" ${attributes}>${inside}</rule>`
const rules = (...inside: readonly string[]) => `<rules>${inside.join('')}</rules>`

const rows: readonly (readonly [
  what: string,
  files: readonly (string | File)[],
  url: string,
  becomes: string,
  asked?: Asked,
])[] = [
  [
    'a query is kept without appendQueryString="false"',
    [rules(rule('<action type="Rewrite" url="a?b=c" />'))],
    '/x?d=e',
    '/a?b=c&d=e',
  ],
  ['the old query goes', [rules(rule('<action type="Rewrite" url="a" appendQueryString="false" />'))], '/x?d=e', '/a'],
  [
    'no match fits every URL',
    [rules(rule('<action type="Redirect" url="/a" />', 'patternSyntax="Wildcard"'))],
    '/x',
    '301 /a',
  ],
  [
    'ExactMatch is the whole path',
    [rules(rule('<match url="a" /><action type="AbortRequest" />', 'patternSyntax="ExactMatch"'))],
    '/ab',
    'none',
  ],
  [
    'ExactMatch ignores case',
    [rules(rule('<match url="a" /><action type="AbortRequest" />', 'patternSyntax="ExactMatch"'))],
    '/A',
    'abort',
  ],
  [
    'a rule that is not enabled is not asked',
    [rules(rule('<action type="AbortRequest" />', 'enabled="false"'))],
    '/',
    'none',
  ],
  [
    'the path is decoded, without query',
    [rules(rule('<match url="^a b$" /><action type="AbortRequest" />'))],
    '/a%20b?c',
    'abort',
  ],
  ...(
    [
      ['(.*)/$', '{R:1}', '/https:/evil.com/', '/https:/evil.com'],
      ['(.*)/$', '{R:1}', '/JavaScript:alert(1)/', '/JavaScript:alert(1)'],
      ['.*', '{HTTP_URL}', '//evil.com/a', '/evil.com/a'],
      ['.*', '{UNENCODED_URL}', '/\\\\evil.com/a', '/evil.com/a'],
      ['.*', '/{HTTP_URL}', '/\\evil.com/a', '/evil.com/a'],
      ['.*', 'https:/{HTTP_URL}', '/evil.com', 'https://evil.com'],
      ['.*', '//cdn.example.com/{R:0}', '/a', '//cdn.example.com/a'],
      ['.*', 'mailto:{R:0}', '/a', 'mailto:a'],
    ] as const
  ).map(
    ([match, url, asked, to]) =>
      [
        `the site's own text alone leads to another host: ${url} at ${asked}`,
        [rules(rule(`<match url="${match}" /><action type="Redirect" url="${url}" />`))],
        asked,
        `301 ${to}`,
      ] as const,
  ),
  [
    'what a client has put in is relative to the directory of the rule',
    [{ directory: '/app/', content: rules(rule('<match url="(.*)/$" /><action type="Redirect" url="{R:1}" />')) }],
    '/app/https:/evil.com/',
    '301 /app/https:/evil.com',
  ],
  [
    'rewriting never leads out of the site',
    [rules(rule('<action type="Rewrite" url="{R:0}/../../{UrlDecode:%2e%2e%5C..}/etc" />'))],
    '/x',
    '/etc',
  ],
  [
    'rules of a file are relative to its directory, and asked after those above',
    [
      rules('<rule name="top"><match url="^app/old/(.*)" /><action type="Rewrite" url="app/{R:1}" /></rule>'),
      {
        directory: '/app/',
        content: rules(
          '<rule name="low"><match url="^(.*)$" /><action type="Rewrite" url="server.js?url={R:1}" /></rule>',
        ),
      },
    ],
    '/app/old/x',
    '/app/server.js?url=x',
  ],
  [
    'what a rule above has led out of the directory, the rules of the directory do not see',
    [
      rules('<rule name="top"><action type="Rewrite" url="/elsewhere" /></rule>'),
      { directory: '/app/', content: rules('<rule name="low"><action type="AbortRequest" /></rule>') },
    ],
    '/app/x',
    '/elsewhere',
  ],
  [
    'remove takes an inherited rule away',
    [rules(rule('<action type="AbortRequest" />')), { directory: '/app/', content: rules('<remove name="r" />') }],
    '/app/x',
    'none',
  ],
  [
    'clear takes all of them away, but no global rule',
    [
      {
        isServers: true,
        content: `<globalRules>${rule('<match url="^app/x" /><action type="Rewrite" url="app/y" />')}</globalRules>`,
      },
      rules(rule('<action type="AbortRequest" />')),
      { directory: '/app/', content: rules('<clear />') },
    ],
    '/app/x',
    '/app/y',
  ],
  [
    'stopProcessing of a global rule lets the others be asked',
    [
      {
        isServers: true,
        content: `<globalRules>${rule('<match url="x" /><action type="Rewrite" url="y" />', 'stopProcessing="true"')}</globalRules>`,
      },
      rules(rule('<match url="^y$" /><action type="Redirect" url="/z" />')),
    ],
    '/x',
    '301 /z',
  ],
  [
    'the file that is asked for follows the URL as rewritten so far',
    [
      rules(
        '<rule name="a"><action type="Rewrite" url="public/{R:0}" /></rule>',
        '<rule name="b"><conditions><add matchType="IsFile" /></conditions><action type="AbortRequest" /></rule>',
      ),
    ],
    '/x',
    'abort',
    { files: ['/approot/public/x'] },
  ],
  [
    'IsFile takes backslashes',
    [
      rules(
        rule(
          '<conditions><add input="{REQUEST_FILENAME}\\..\\y" matchType="IsFile" /></conditions><action type="AbortRequest" />',
        ),
      ),
    ],
    '/x',
    'abort',
    { files: ['/approot/x/../y'] },
  ],
  [
    'nothing that a client sends ends the header of a redirect',
    [rules(rule('<action type="Redirect" url="/a{UrlDecode:{QUERY_STRING}}" appendQueryString="false" />'))],
    '/x?%0d%0aSet-Cookie:y',
    '301 /a%0D%0ASet-Cookie:y',
  ],
  [
    'a variable that is missing is empty',
    [rules(rule('<action type="Rewrite" url="a{NO_SUCH}{HTTP_NONE}b" />'))],
    '/',
    '/ab',
  ],
  [
    'a map has a default',
    [
      `<rewriteMaps><rewriteMap name="M" defaultValue="d" /></rewriteMaps>${rules(rule('<action type="Rewrite" url="{m:k}" />'))}`,
    ],
    '/',
    '/d',
  ],
  [
    'a capture that is none',
    [rules(rule('<match url=".*" /><action type="Rewrite" url="{R:1}" />'))],
    '/x',
    '500.50 web.config(1): the rule "R" failed: a text cannot be expanded: nothing was captured for {R:1}.',
  ],
  [
    'a map that is none',
    [rules(rule('<action type="Rewrite" url="{Provider:x}" />'))],
    '/x',
    '500.50 web.config(1): the rule "R" failed: a text cannot be expanded: there is no rewrite map or function Provider.',
  ],
  [
    'a pattern that is none',
    [rules(rule('<match url="*.aspx" /><action type="AbortRequest" />'))],
    '/x',
    '500.50 web.config(1): the rule "R" failed: a pattern cannot be used: Invalid regular expression: /*.aspx/: Nothing to repeat.',
  ],
  [
    'a pattern of a global rule that takes for ever',
    [
      {
        isServers: true,
        content: `<globalRules>${rule('<match url="^(?=(a+)+$)b" /><action type="AbortRequest" />')}</globalRules>`,
      },
    ],
    `/${'a'.repeat(60)}!`,
    '500.51 web.config(1): the rule "R" failed: its pattern took more steps than a request has; write it without nested repetitions.',
  ],
  [
    'rules that double the URL',
    [
      rules(
        ...Array.from(
          { length: 30 },
          (_, at) => `<rule name="r${at}"><action type="Rewrite" url="{R:0}{R:0}" /></rule>`,
        ),
      ),
    ],
    '/xx',
    '500.50 web.config(1): the rule "r15" failed: a text cannot be expanded: it becomes longer than 65536 characters.',
  ],
  [
    'a variable that may not be set',
    [rules(rule('<serverVariables><set name="X_A" value="1" /></serverVariables>'))],
    '/x',
    '500.50 web.config(1): the rule "R" failed: a text cannot be expanded: the server variable X_A is not among allowedServerVariables.',
  ],
]

describe('a request', () => {
  for (const [what, files, url, becomes, asked] of rows)
    it(what, () => assert.equal(words(ask(prepared(...files), url, asked).outcome), becomes))

  it('has variables and headers set, seen by what follows', () => {
    const allowed = {
      isServers: true,
      content:
        '<allowedServerVariables><add name="X_REQUESTED" /><add name="HTTP_X_ORIGINAL_HOST" /><add name="HTTP_ACCEPT_ENCODING" /></allowedServerVariables>',
    }
    const content = rules(
      `<rule name="set"><match url="(.*)\\.htm$" /><serverVariables>
        <set name="X_REQUESTED" value="{R:1}" /><set name="HTTP_X_ORIGINAL_HOST" value="{HTTP_HOST}" />
        <set name="HTTP_ACCEPT_ENCODING" value="" /></serverVariables>
        <action type="Rewrite" url="index.php?path={X_REQUESTED}" logRewrittenUrl="true" /></rule>`,
      '<rule name="no"><match url="nothing" /></rule>',
      '<rule name="keep"><serverVariables><set name="x_requested" value="other" replace="false" /></serverVariables></rule>',
    )
    const { outcome, variables, headers, fitted, isRewrittenLogged } = ask(prepared(allowed, content), '/a%20b.htm?c')
    assert.deepEqual(outcome, { kind: 'rewrite', path: '/index.php', query: 'path=a b&c' })
    assert.deepEqual([...variables], [['X_REQUESTED', 'a b']])
    assert.deepEqual(
      [...headers],
      [
        ['x-original-url', '/a%20b.htm?c'],
        ['x-original-host', 'www.contoso.com'],
        ['accept-encoding', ''],
      ],
    )
    assert.deepEqual([fitted, isRewrittenLogged], [['set', 'keep'], true])
  })
})

const refused: readonly (readonly [content: string, fault: string])[] = [
  ['<rules>\n<rule name="a"><match uri="x" /></rule></rules>', 'web.config(2): unknown attribute uri on match.'],
  [
    '<rules><rule name="a"><action type="Rewritten" /></rule></rules>',
    'web.config(1): type of action is one of None, Rewrite, Redirect, CustomResponse, AbortRequest; found "Rewritten".',
  ],
  [
    '<rules><rule><match url="x" /></rule></rules>',
    'web.config(1): rule needs the attribute name: a text that is not empty.',
  ],
  [
    '<rules><rule name="a" />\n<rule name="A" /></rules>',
    'web.config(2): rule with the name "a" is there already; remove it first.',
  ],
  [
    '<rules><rule name="a"><action type="Redirect" /></rule></rules>',
    'web.config(1): action of type Redirect needs the attribute url.',
  ],
  [
    '<rules><rule name="a"><action type="CustomResponse" /></rule></rules>',
    'web.config(1): action of type CustomResponse needs the attribute statusCode.',
  ],
  ['<rules /><rules />', 'web.config(1): rules occurs twice in rewrite.'],
  ['<ruls />', 'web.config(1): unknown element ruls in rewrite.'],
  [
    '<globalRules />',
    'web.config(1): globalRules may stand in applicationHost.config alone; a startup task can put it there.',
  ],
  [
    '<allowedServerVariables />',
    'web.config(1): allowedServerVariables may stand in applicationHost.config alone; a startup task can put it there.',
  ],
  [
    '<rewriteMaps configSource="maps.config" />',
    'web.config(1): configSource of rewriteMaps names a file that is not there: maps.config.',
  ],
  [
    '<rewriteMaps><rewriteMap name="m"><add key="a" value="b" /><add key="A" value="c" /></rewriteMap></rewriteMaps>',
    'web.config(1): add with the key "a" is there already; remove it first.',
  ],
  [
    '<outboundRules><rule name="a" patternSyntax="Wildcard"><match pattern="*" /></rule></outboundRules>',
    'web.config(1): patternSyntax Wildcard needs serverVariable or filterByTags.',
  ],
  [
    '<outboundRules><rule name="a"><match filterByTags="CustomTags" /></rule></outboundRules>',
    'web.config(1): filterByTags with CustomTags needs the attribute customTags.',
  ],
]

describe('a file is refused with its line', () => {
  for (const [content, fault] of refused) it(content, () => assert.deepEqual(read([{ content }]).faults, [fault]))
})

describe('any rules at all', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{R:0}',
      '{R:1}',
      '{C:1}',
      '{URL}',
      '{ToLower:{R:0}}',
      '{M:{R:0}}',
      '{',
      '}',
      '..',
      '/',
      '\\',
      '?',
      'http://h',
      '%',
      '\ud800',
      '\n',
    ),
    fc.string({ maxLength: 3 }),
  )
  const template = fc.array(piece, { maxLength: 4 }).map((all) => all.join(''))
  const pattern = fc.constantFrom('', '.*', '(.*)', '^(?!a)(.+)', '(a+)+$', '(?=(a+)+$)', '*', '*/?', 'a', '[')
  const pick = (...all: readonly string[]) => fc.constantFrom(...all)
  const escaped = (text: string) =>
    text.toWellFormed().replace(/[^a-z0-9]/gi, (found) => (found < ' ' ? ' ' : `&#${found.codePointAt(0)};`))
  const one = fc
    .record({
      pattern,
      template,
      input: template,
      syntax: pick('ECMAScript', 'Wildcard', 'ExactMatch'),
      type: pick('None', 'Rewrite', 'Rewrite', 'Redirect', 'CustomResponse', 'AbortRequest'),
      grouping: pick('MatchAll', 'MatchAny'),
      negate: pick('true', 'false'),
      stop: pick('true', 'false'),
    })
    .map(
      ({ pattern, template, input, syntax, type, grouping, negate, stop }) =>
        (at: number) =>
          `<rule name="r${at}" patternSyntax="${syntax}" stopProcessing="${stop}"><match url="${pattern}" negate="${negate}" />
        <conditions logicalGrouping="${grouping}" trackAllCaptures="${stop}"><add input="${escaped(input)}" pattern="${pattern}" negate="${negate}" /></conditions>
        <action type="${type}" url="${escaped(template)}" statusCode="404" statusReason="${escaped(template)}" /></rule>`,
    )

  it('end, with an outcome that can be answered', () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.string(), (made, path) => {
        const maps = '<rewriteMaps><rewriteMap name="M" defaultValue="a" /></rewriteMaps>'
        const { outcome } = ask(
          prepared(maps + rules(...made.map((rule, at) => rule(at)))),
          `/${path.replace(/[^\x21-\x7e]/g, 'a')}`,
        )
        if (outcome.kind === 'rewrite') assert.match(outcome.path, /^\/(?!.*(?:^|\/)\.\.(?:\/|$))/s)
        if (outcome.kind === 'redirect') assert.match(outcome.location, /^[\x21-\x7e]*$/)
        if (outcome.kind === 'forward') assert.match(outcome.url, /^[\x21-\x7e]*$/)
        if (outcome.kind === 'response') assert.match(outcome.reason, /^[\x20-\x7e]*$/)
      }),
      { numRuns: 300 },
    )
  })
})
