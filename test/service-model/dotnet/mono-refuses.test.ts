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
  assert.deepEqual(removed, ['forms/@cookieSameSite', 'httpRuntime/@fcnMode', 'deployment', 'protocols'])
  assert.match(mended, /<httpRuntime targetFramework="4\.7\.2"\s+maxRequestLength="100" \/>/)
  assert.match(mended, /<forms loginUrl="~\/in" timeout="9"\/>/)
  assert.match(mended, /<!-- kept -->/)
  assert.doesNotMatch(mended, /deployment|protocols/)
})

test('a web.config that Mono reads stays as it is', () => {
  const text = '<configuration><system.web><pages validateRequest="false"/></system.web></configuration>'
  assert.deepEqual(withoutRefused(text), { text, removed: [] })
})
