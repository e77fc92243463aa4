import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutRefused } from '../../../src/service-model/web-config/mono-refuses.ts'

test('what IIS accepts and Mono refuses is taken out of a web.config, and nothing else', () => {
  const text = `<configuration><system.web>
    <!-- kept -->
    <httpRuntime targetFramework="4.7.2" fcnMode="Single"
      maxRequestLength="100" />
    <deployment retail="true"/><protocols><x/></protocols>
    <authentication mode="Forms"><forms loginUrl="~/in" cookieSameSite='Lax' timeout="9"/></authentication>
  </system.web></configuration>`
  const { text: mended, removed } = withoutRefused(text)
  assert.deepEqual(removed, ['httpRuntime/@fcnMode', 'deployment', 'protocols', 'forms/@cookieSameSite'])
  assert.match(mended, /<httpRuntime targetFramework="4\.7\.2"\s+maxRequestLength="100" \/>/)
  assert.match(mended, /<forms loginUrl="~\/in" timeout="9"\/>/)
  assert.match(mended, /<!-- kept -->/)
  assert.doesNotMatch(mended, /deployment|protocols/)
})

for (const [what, text] of [
  ['that Mono reads', '<configuration><system.web><pages validateRequest="false"/></system.web></configuration>'],
  [
    'that opens a web service to GET',
    '<configuration><system.web><webServices><protocols><add name="HttpGet"/></protocols></webServices></system.web></configuration>',
  ],
  [
    'with a section of its own of that name',
    '<configuration><shop><deployment at="x"/><forms cookieSameSite="a"/></shop></configuration>',
  ],
  [
    'that speaks of it in a value or a comment',
    `<configuration><system.web><!-- <deployment/> --><pages title=" ignoreDeviceFilters='1'"/></system.web></configuration>`,
  ],
  ['that is not well-formed', '<configuration><system.web><deployment/></configuration>'],
] as const)
  test(`a web.config ${what} stays as it is`, () => assert.deepEqual(withoutRefused(text), { text, removed: [] }))

test('what a location says is taken out too, and behind a comment, and however much there is of it', () => {
  const many = '<deployment/>'.repeat(20_000)
  const text = `<configuration><location path="a"><system.web><!-- <deployment/> -->${many}<deployment><x/></deployment></system.web></location></configuration>`
  assert.equal(
    withoutRefused(text).text,
    '<configuration><location path="a"><system.web><!-- <deployment/> --></system.web></location></configuration>',
  )
})
