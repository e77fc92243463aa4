/** Which settings the agents of plug-ins go by. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { newestEnvironment } from '../../src/machine/guest-os/follow-environment.ts'
import { writeRoleEnvironment } from '../../src/service-model/role-environment.ts'

it('those of the newest document, also when the clock was set back between two of them (H-37)', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'environments-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const write = (number: number, word: string, at: string) => {
    const file = join(directory, `d.0.Web.RoleEnvironment.${number}.xml`)
    const currentInstance = { id: 'Web_IN_0', roleName: 'Web', faultDomain: 0, updateDomain: 0, settings: { word } }
    const environment = { deploymentId: 'd', emulated: false, roles: [] }
    writeFileSync(
      file,
      writeRoleEnvironment({
        ...environment,
        currentInstance: { ...currentInstance, localResources: [], endpoints: [] },
      }),
    )
    utimesSync(file, new Date(at), new Date(at))
  }
  write(9, 'former', '2026-01-01T12:00:00Z')
  write(10, 'newest', '2026-01-01T10:00:00Z')
  assert.equal(newestEnvironment(directory).currentInstance.settings['word'], 'newest')
})
