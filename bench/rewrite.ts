/** Requests a second through 100 rewrite rules of which the last alone fits: `node bench/rewrite.ts [seconds, 3]`. A condition is asked only when its pattern fits. */

import { rewriteRequest } from '../src/role/w3wp/rewrite/rewrite-request.ts'
import { prepared, requestOf } from '../test/role/rewrite/asking.ts'

const [seconds = 3] = process.argv.slice(2).map(Number)
const ruleCount = 100

const condition = '<conditions><add input="{REQUEST_FILENAME}" matchType="IsFile" negate="true" /></conditions>'
const rules = prepared(
  `<rules>${Array.from(
    { length: ruleCount },
    (_, at) => `<rule name="r${at}" stopProcessing="true"><match url="^section${at}/([0-9]+)/(.*)$" />
      ${at % 4 === 0 ? '' : condition}<action type="Rewrite" url="server.js?number={R:1}&amp;rest={R:2}" /></rule>`,
  ).join('')}</rules>`,
)
const request = requestOf(`/section${ruleCount - 1}/42/page`)

const end = performance.now() + seconds * 1_000
let asked = 0
while (performance.now() < end) {
  const { fitted } = rewriteRequest(rules, request)
  if (fitted.length !== 1) throw new Error(`${fitted.length} rules have fitted; one was to.`)
  asked += 1
}
console.log(`${ruleCount} rules: ${(asked / seconds).toFixed(0)} requests a second`)
