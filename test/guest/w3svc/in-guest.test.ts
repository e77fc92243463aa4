/** The listener beside the other processes of a web role's guest: started, told, stopped and missed by them (I-1, I-2, S-10, S-13, S-19). */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { bundleOf } from '../../bundle.ts'
import { until } from '../../until.ts'
import { type Guest, type GuestOptions, inGuest, isReady, roleModel } from '../guest.ts'
import { copyPrograms } from '../programs.ts'

let programs = ''
before(() => {
  programs = copyPrograms()
  for (const program of ['WaIISHost', 'IISConfigurator']) cpSync(bundleOf(program), join(programs, `${program}.mjs`))
  writeFileSync(join(programs, 'w3wp.mjs'), `import ${JSON.stringify(join(import.meta.dirname, 'fixtures/w3wp.ts'))}\n`)
})
after(() => rmSync(programs, { recursive: true }))

const model = roleModel(`<Sites><Site name="Web" physicalDirectory="sitesroot\\0"><Bindings>
  <Binding name="In" endpointName="HttpIn" /></Bindings></Site></Sites>
  <Startup><Task commandLine="IISConfigurator.exe" relativePath="base\\x64" taskType="simple"><Environment /></Task></Startup>
  <Runtime><EntryPoint><NetFxEntryPoint assemblyName="role.mjs" targetFrameworkVersion="v4.0" /></EntryPoint></Runtime>`)

const software = {
  'RoleModel.xml': model,
  'sitesroot/0/index.html': 'a page',
  'approot/role.mjs': 'export default {}',
}

const inWebRole = (act: (guest: Guest) => Promise<void>, options: Partial<GuestOptions> = {}) =>
  inGuest({ programs, software, specification: { roleKind: 'WebRole' }, ...options }, act)

const ask = async ({ settings }: Guest) => (await fetch(`http://${settings.address}:8080/`)).text()

it('serves the sites of a role from before it is Ready until it has stopped', () =>
  inWebRole(async (guest) => {
    await guest.host.health(isReady, 'Ready')
    assert.deepEqual(guest.pids('w3wp.mjs'), [])
    const pid = Number(await ask(guest))
    assert.deepEqual(guest.pids('w3wp.mjs'), [pid])
    guest.host.want({ role: 'Stopped' })
    await until(() => guest.pids('W3SVC').length === 0, 'the listener has ended')
    assert.deepEqual(guest.pids('w3wp.mjs'), [])
    const { deploymentId } = guest.configuration.specification
    const store = join(guest.root, `c/Resources/Directory/${deploymentId}.Worker.DiagnosticStore/LogFiles/W3SVC1`)
    const text = readdirSync(store).map((file) => readFileSync(join(store, file), 'utf8'))
    assert.match(text.join(''), new RegExp(` W3SVC1 Worker_IN_0 ${guest.settings.address} GET / - 8080 - `))
    await until(() => guest.log('WaHostBootstrapper').includes('ends with 0'), 'the bootstrapper has ended')
    assert.match(guest.log('WaHostBootstrapper'), /W3SVC[^\n]* ended with exit code 0/)
  }))

it('is missed when it is killed: the role starts again', () =>
  inWebRole(async (guest) => {
    await guest.host.health(isReady, 'Ready')
    const [listener = 0] = guest.pids('W3SVC')
    await ask(guest)
    process.kill(listener, 'SIGKILL')
    await until(
      () =>
        ask(guest).then(
          (answer) => Number(answer) > 0,
          () => false,
        ),
      'it serves again',
    )
    assert.notDeepEqual(guest.pids('W3SVC'), [listener])
  }))

for (const word of ['/remove', '/deploy'])
  it(`is set up again when IISConfigurator ${word} is killed, and the events of the instance say so`, async (t) => {
    const its = mkdtempSync(join(tmpdir(), 'programs-'))
    t.after(() => rmSync(its, { recursive: true }))
    cpSync(programs, its, { recursive: true })
    renameSync(join(its, 'IISConfigurator.mjs'), join(its, 'real.mjs'))
    writeFileSync(
      join(its, 'IISConfigurator.mjs'),
      `import { existsSync, writeFileSync } from 'node:fs'
       const before = import.meta.dirname + '/before'
       if (process.argv.includes('${word}') && !existsSync(before)) {
         writeFileSync(before, '')
         process.kill(process.pid, 'SIGKILL')
       }
       await import('./real.mjs')`,
    )
    await inWebRole(
      async (guest) => {
        const events = () => readFileSync(join(guest.root, 'd/Windows/System32/Winevt/Logs/Windows Azure'), 'utf8')
        await guest.host.health(isReady, 'Ready')
        const [killed] = /task "IISConfigurator\.exe[^\n]*SIGKILL[^\n]*/.exec(events()) ?? []
        assert.ok(killed?.startsWith(`task "IISConfigurator.exe ${word}" was ended by SIGKILL`), events())
        assert.doesNotMatch(events(), /IISConfigurator\.log says why/)
        assert.ok(Number(await ask(guest)) > 0)
      },
      { programs: its },
    )
  })

it('serves a site whose web.config cannot be opened: w3wp says so, to whom it concerns (I-28)', () =>
  inWebRole(
    async (guest) => {
      await guest.host.health(isReady, 'Ready')
      assert.ok(Number(await ask(guest)) > 0)
    },
    {
      software: {
        ...software,
        'RoleModel.xml': model.replace('</Startup>', '<Task commandLine="link.sh" taskType="simple" /></Startup>'),
        'approot/link.sh': '#!/bin/sh\nln -sfn web.config ../sitesroot/0/web.config\n',
      },
    },
  ))

it('serves a role whose goal is from before there were machine keys, and has its key from the next start on (I-14)', () =>
  inWebRole(
    async (guest) => {
      const keys = () =>
        readFileSync(join(guest.root, 'd/Windows/System32/inetsrv/config/applicationHost.config'), 'utf8')
      await guest.host.health(isReady, 'Ready')
      assert.doesNotMatch(keys(), /machineKey/)
      guest.host.want({ machineKey: true })
      process.kill(guest.pids('W3SVC')[0] as number, 'SIGKILL')
      await until(() => /<machineKey validationKey="(AB)+"/.test(keys()), 'its key is there')
    },
    { wanted: { machineKey: false } },
  ))
