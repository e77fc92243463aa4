/** What IISConfigurator.log says of the files that the web server will read (I-28, I-59). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { webConfigWarnings } from '../../../src/guest/iis-configurator/web-config-warnings.ts'

const at = (physicalPath: string) => ({ path: '/', pool: 'p', directories: [{ path: '/', physicalPath }] })

const files: Readonly<Record<string, string>> = {
  '/site': `<configuration><system.webServer>
    <caching/>
    <strange/></system.webServer></configuration>`,
  '/admin': '<configuration><system.webServer><directoryBrowse enabled="perhaps"/></system.webServer></configuration>',
}

it('names what is passed over and what will be 500.19, once for each directory', () => {
  const sites = [{ applications: [at('/site'), at('/admin')] }, { applications: [at('/site'), at('/nothing')] }]
  const lines = webConfigWarnings(sites, (directory) => {
    const text = files[directory]
    return text === undefined ? undefined : { name: `${directory}/Web.config`, text }
  })
  assert.equal(lines.length, 3)
  assert.match(lines[0] ?? '', /^500\.19: \/admin\/Web\.config\(1\): /)
  assert.match(lines[1] ?? '', /^Warning: \/site\/Web\.config\(2\): .*caching is passed over/)
  assert.match(lines[2] ?? '', /^Warning: \/site\/Web\.config\(3\): .*strange/)
})
