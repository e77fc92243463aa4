/** Outbound rules: headers and bodies (I-54). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { rewriteResponse } from '../../../src/role/w3wp/rewrite/rewrite-response.ts'
import { tagValues } from '../../../src/role/w3wp/rewrite/tags.ts'
import { type Asked, ask, prepared } from './asking.ts'

type HeaderList = readonly (readonly [string, string])[]

const html: HeaderList = [['Content-Type', 'text/html; charset=utf-8']]
const isHtml =
  '<preConditions><preCondition name="IsHTML"><add input="{RESPONSE_CONTENT_TYPE}" pattern="^text/html" /></preCondition></preConditions>'

function respond(
  content: string,
  headers: HeaderList,
  { status = 200, asked }: { readonly status?: number; readonly asked?: Asked } = {},
) {
  const rules = prepared(content)
  return rewriteResponse(rules, ask(rules, '/x?y', asked).progress, { status, headers })
}

const location = `<outboundRules><rule name="Change Location Header">
  <match serverVariable="RESPONSE_LOCATION" pattern="^http://[^/]+/(.*)" />
  <conditions><add input="{RESPONSE_STATUS}" pattern="^301" /></conditions>
  <action type="Rewrite" value="http://{HTTP_HOST}/{R:1}"/></rule></outboundRules>`

const cookies = `<outboundRules><rule name="Secure">
  <match serverVariable="RESPONSE_Set_Cookie" pattern="^(.*; HttpOnly)$" negate="false" />
  <action type="Rewrite" value="{R:1}; Secure" /></rule></outboundRules>`

const server =
  '<outboundRules><rule name="r"><match serverVariable="RESPONSE_Server" pattern=".+" /><action type="Rewrite" value="" /></rule></outboundRules>'

const custom =
  '<outboundRules><rule name="Set Custom Header"><match serverVariable="RESPONSE_X_Custom_Header" pattern="^$" /><action type="Rewrite" value="Some&#10;thing" /></rule></outboundRules>'

const headerRows: readonly (readonly [
  what: string,
  content: string,
  headers: HeaderList,
  after: HeaderList,
  status?: number,
])[] = [
  [
    'the host of a redirect',
    location,
    [['Location', 'http://inner/a?b']],
    [['Location', 'http://www.contoso.com/a?b']],
    301,
  ],
  ['not of another status', location, [['Location', 'http://inner/a']], [['Location', 'http://inner/a']], 302],
  ['a header that was not there, and is no two', custom, html, [...html, ['X-Custom-Header', 'Some thing']]],
  ['a header is taken away', server, [['Server', 'x'], ...html], html],
  [
    'each cookie by itself',
    cookies,
    [['Set-Cookie', 'a=1; HttpOnly'], ...html, ['Set-Cookie', 'b=2']],
    [['Set-Cookie', 'a=1; HttpOnly; Secure'], ['Set-Cookie', 'b=2'], ...html],
  ],
]

describe('a header of a response', () => {
  for (const [what, content, headers, after, status = 200] of headerRows)
    it(what, () => assert.deepEqual(respond(content, headers, { status }).headers, after))
})

const article = `<outboundRules>
  <rule name="Rewrite to clean URL" preCondition="IsHTML">
    <match filterByTags="A" pattern="^/article\\.aspx\\?id=([0-9]+)(?:&amp;|&amp;amp;)title=([_0-9a-z-]+)$" />
    <action type="Rewrite" value="/article/{R:1}/{R:2}" />
  </rule>${isHtml}</outboundRules>`

const proxy = `<outboundRules>
  <rule name="1" preCondition="ishtml"><match filterByTags="A, Form, Img" pattern="^http(s)?://localhost:5000/(.*)" /><action type="Rewrite" value="http{R:1}://{HTTP_HOST}/{R:2}" /></rule>
  <rule name="2" preCondition="IsHTML"><match filterByTags="A, CustomTags" customTags="Mine" pattern="^http:(.*)" /><action type="Rewrite" value="https:{R:1}" /></rule>
  ${isHtml}<customTags><tags name="mine"><tag name="item" attribute="data-src" /></tags></customTags></outboundRules>`

const tracking = `<outboundRules><rule name="Add tracking script" patternSyntax="ExactMatch" preCondition="IsHTML">
  <match filterByTags="None" pattern="&lt;/body>" occurrences="1" /><action type="Rewrite" value="&lt;script>//{HtmlEncode:{HTTP_REFERER}}&lt;/script>&lt;/body>" /></rule>${isHtml}</outboundRules>`

const digits =
  '<outboundRules><rule name="r"><match pattern="(\\d)x?" /><conditions><add input="{R:1}" pattern="[1-5]" /></conditions><action type="Rewrite" value="[{R:1}]" /></rule></outboundRules>'

const bodyRows: readonly (readonly [what: string, content: string, body: string, after: string])[] = [
  [
    'a link',
    article,
    '<a href="/article.aspx?id=1&amp;title=x"><A class=b href=\'/article.aspx?id=2&title=y\'>',
    '<a href="/article/1/x"><A class=b href=\'/article/2/y\'>',
  ],
  ['no other tag', article, '<link href="/article.aspx?id=1&title=x">', '<link href="/article.aspx?id=1&title=x">'],
  [
    'nothing of a comment or a script',
    article,
    '<!-- <a href="/article.aspx?id=1&title=x"> --><script>"<a href=\'/article.aspx?id=1&title=x\'>"</script>',
    '<!-- <a href="/article.aspx?id=1&title=x"> --><script>"<a href=\'/article.aspx?id=1&title=x\'>"</script>',
  ],
  [
    'one rule after the other',
    proxy,
    '<a href=http://localhost:5000/a><img src="http://localhost:5000/b"><item data-src="http://c">',
    '<a href=https://www.contoso.com/a><img src="http://www.contoso.com/b"><item data-src="https://c">',
  ],
  ['a text that is inserted once', tracking, 'x</BODY></body>', 'x<script>//&#60;b&#62;</script></body></body>'],
  ['each place by itself', digits, 'a1xb7c22', 'a[1]b7c[2][2]'],
]

describe('the body of a response', () => {
  for (const [what, content, body, after] of bodyRows)
    it(what, () => {
      const result = respond(content, html, { asked: { headers: { referer: '<b>' } } }).body?.(body)
      assert.equal(result && 'text' in result && result.text, after)
    })

  it('is left alone where the pre-condition does not hold', () =>
    assert.equal(respond(article, [['Content-Type', 'image/png']]).body, undefined))

  it('that is compressed is 500.52, naming the rule', () => {
    const { fault } = respond(article, [...html, ['Content-Encoding', 'gzip']])
    assert.equal(fault?.subStatus, 52)
    assert.match(
      fault.reason,
      /^web\.config\(2\): the rule "Rewrite to clean URL" cannot rewrite a body that is encoded \(gzip\)/,
    )
  })

  it('of a rule whose pre-condition there is none is 500.53 with rewriteBeforeCache', () => {
    const { fault } = respond(
      '<outboundRules rewriteBeforeCache="true"><rule name="r" preCondition="no"><match pattern="a" /></rule></outboundRules>',
      html,
    )
    assert.equal(fault?.subStatus, 53)
  })

  it('ends by its budget when a pattern would take for ever', () => {
    const rule =
      '<outboundRules><rule name="r"><match pattern="(?=(a+)+$)b" /><action type="Rewrite" value="" /></rule></outboundRules>'
    const result = respond(rule, html).body?.(`${'a'.repeat(100)}!`)
    assert.ok(result && 'fault' in result)
    assert.match(result.fault.reason, /the rule "r" failed: its pattern took more steps/)
  })

  it('of any text has its tags in order, each with its own value', () => {
    const markup = fc.constantFrom(
      '<a href="x">',
      "<a href='y'",
      '<img src=z ',
      '<!--',
      '-->',
      '<script>',
      '</script>',
      '"',
      '=',
      '>',
      '<',
      ' b',
      'İ',
      'href=',
    )
    fc.assert(
      fc.property(fc.array(markup, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        let last = 0
        for (const { start, end } of tagValues(text)) {
          assert.ok(last <= start && start <= end && end <= text.length)
          assert.doesNotMatch(text.slice(start, end), text.charAt(end) === '"' ? /"/ : /^$^/)
          last = end
        }
      }),
      { numRuns: 500 },
    )
  })
})
