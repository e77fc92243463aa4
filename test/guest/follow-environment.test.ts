/** The settings that plug-in agents follow, from the documents of the guest agent. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { it, type TestContext } from 'node:test'
import { newestEnvironment } from '../../src/machine/guest-os/follow-environment.ts'
import { writeRoleEnvironment } from '../../src/service-model/role-environment.ts'

const instance = { id: 'Web_IN_0', roleName: 'Web', faultDomain: 0, updateDomain: 0, localResources: [], endpoints: [] }

function configurations(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'environment-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const put = (n: number) => {
    const file = join(directory, `d.1.d.Web_IN_0.RoleEnvironment.${n}.xml`)
    const currentInstance = { ...instance, settings: { Is: String(n) } }
    writeFileSync(file, writeRoleEnvironment({ deploymentId: 'd', emulated: false, currentInstance, roles: [] }))
    return file
  }
  return { directory, put }
}

it('are the newest by their number, though the clock was set back before they were written', (t) => {
  const { directory, put } = configurations(t)
  const [earlier, later] = [put(9), put(10)]
  utimesSync(earlier, 2_000, 2_000)
  utimesSync(later, 1_000, 1_000)
  assert.equal(newestEnvironment(directory).currentInstance.settings['Is'], '10')
})

/** An agent that fails once to take its settings over: it says what it complains of, then what it has taken over, and ends. */
const agent = `
  const [, module, directory] = process.argv
  const { followEnvironment } = await import(module)
  let times = 0
  const heard = async ({ currentInstance }) => {
    if (++times === 1) throw new Error('The account is busy.')
    console.log(currentInstance.settings.Is)
    process.exit()
  }
  void followEnvironment(directory, heard, console.log)
  console.log('follows')`

it('are tried again when they could not be taken over, and the agent goes on', async (t) => {
  const { directory, put } = configurations(t)
  const module = new URL('../../src/machine/guest-os/follow-environment.ts', import.meta.url).href
  const program = spawn(process.execPath, ['--input-type=module', '-e', agent, module, directory])
  t.after(() => program.kill('SIGKILL'))
  const said: string[] = []
  for await (const line of createInterface({ input: program.stdout })) {
    said.push(line)
    if (line === 'follows') put(1)
  }
  assert.deepEqual(said, ['follows', 'The changed settings are not in force yet: The account is busy.', '1'])
})
