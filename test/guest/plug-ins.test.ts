/** Plug-ins of somebody else with real processes: a background task, and one with `/blockStartup` that the start waits for (P-2 to P-8). */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, it } from 'node:test'
import { type Guest, hasStatus, isReady, programModel, inGuest as startedIn, until } from './guest.ts'
import { copyPrograms } from './programs.ts'

let programs = ''
before(async () => {
  programs = copyPrograms()
})
after(() => rmSync(programs, { recursive: true, force: true }))

const variables = '<Environment><Variable name="RdModuleName" value="Watcher"/></Environment>'
const task = (attributes: string) => `<Task ${attributes} relativePath="plugins\\watcher">${variables}</Task>`
const tasks = `<Startup>${task('commandLine="Agent.exe" taskType="background"')}${task('commandLine="Agent.exe /blockStartup"')}<Task commandLine="setup.sh"><Environment/></Task></Startup>`

/** A guest whose role imports Watcher; `initialise` is what its agent does before it is ready. */
function inGuest(initialise: string, act: (guest: Guest) => Promise<void>): Promise<void> {
  const software = {
    'RoleModel.xml': programModel('serve.sh', { tasks }),
    'approot/setup.sh': '#!/bin/sh\necho setup after $(cat "$TEMP/watcher")\n',
    'approot/serve.sh': '#!/bin/sh\necho the role runs; while :; do sleep 0.05; done\n',
    'plugins/Watcher/Agent.sh': `#!/bin/sh
if [ "$1" = /blockStartup ]; then
  until [ -e "$TEMP/watcher" ]; do sleep 0.05; done
  exit 0
fi
${initialise}
mkfifo "$TEMP/never"
echo "$RdModuleName in $(basename "$PWD")" > "$TEMP/watcher"
read -r _ < "$TEMP/never"
`,
  }
  return startedIn({ programs, software }, act)
}

it('is ready before the tasks of the role and its program begin, and runs on beside them (P-3 to P-7)', () =>
  inGuest('sleep 0.3', async (guest) => {
    const { description = '' } = await guest.host.health(
      (health) =>
        hasStatus('BusyRole')(health) && 'description' in health && /System startup/.test(health.description ?? ''),
      'the tasks of plug-ins are told apart (T-6)',
    )
    assert.match(description, /System startup tasks are running/)
    await guest.host.health(isReady, 'Ready')
    await until(() => guest.log('RoleOutput').includes('the role runs'), 'the role runs')
    assert.equal(guest.log('RoleOutput'), 'setup after Watcher in Watcher\nthe role runs\n')
    assert.match(guest.log('WaHostBootstrapper'), /type=2 rolemodule=watcher cmd="Agent\.exe"/)
    assert.equal(guest.pids('Agent.sh').length, 1)
    guest.host.want({ role: 'Stopped' })
    await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
    assert.deepEqual(guest.pids('Agent.sh'), [])
  }))

it('that dies before it is ready ends the start, though its /blockStartup task would wait for ever (P-8)', () =>
  inGuest('sleep 0.2; exit 5', async (guest) => {
    const { description = '' } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
    assert.match(description, /The plug-in watcher did not get ready: its task "Agent\.exe" ended with exit code 5\./)
    assert.match(description, /Last startup task error: name - "Agent\.exe" , exit code - 5\.$/)
    assert.ok(!guest.log('RoleOutput').includes('the role runs'))
    await guest.host.health((health) => (health.failures ?? 0) >= 3, 'a third failure')
    assert.ok(guest.pids('Agent.sh').length <= 2)
  }))
