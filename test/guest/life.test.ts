/** A guest with real processes: from the goal to Ready, through crashes and changes, to the stop. */
import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { selfSignedCertificate } from '../../src/machine/certificates/authority.ts'
import { thumbprintOf } from '../../src/machine/certificates/certificate.ts'
import {
  type Guest,
  type GuestOptions,
  hasStatus,
  isReady,
  moduleModel,
  plainSpecification,
  programModel,
  inGuest as startedIn,
  until,
} from './guest.ts'
import { copyPrograms } from './programs.ts'

let programs = ''
before(async () => {
  programs = copyPrograms()
})
after(() => rmSync(programs, { recursive: true, force: true }))

const tls = selfSignedCertificate('tls')
const tlsDer = new X509Certificate(tls.certificatePem).raw
const tlsKey = String(createPrivateKey(tls.keyPem).export({ type: 'pkcs8', format: 'pem' }))
const certificates = [{ der: tlsDer, key: createPrivateKey(tlsKey).export({ type: 'pkcs8', format: 'der' }) }]
const storedCertificates = [
  { name: 'Tls', thumbprint: thumbprintOf(tlsDer), storeName: 'My', level: 'System' as const },
]

const inGuest = (options: Omit<GuestOptions, 'programs'>, act: (guest: Guest) => Promise<void>) =>
  startedIn({ programs, ...options }, act)

const server = `require('http').createServer((request, response) => response.end('hello ' + process.pid)).listen(process.env.port)`
const portVariable = `<Variable name="PORT"><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/Endpoints/Endpoint[@name='HttpIn']/@port" /></Variable>`
const serverRole = {
  'RoleModel.xml': programModel('node.cmd .\\server.js', { environment: portVariable }),
  'approot/server.js': server,
}

/** A module that writes a line for all that happens to it. */
function moduleRole(members: string): Record<string, string> {
  return {
    'RoleModel.xml': moduleModel('Worker.mjs'),
    'approot/worker.mjs': `import { RoleEnvironment } from 'reddog/runtime'
      const forEver = () => new Promise(() => setInterval(() => {}, 1000))
      RoleEnvironment.on('changing', (event) => console.log('changing', JSON.stringify(event.changes)))
      RoleEnvironment.on('changed', () => console.log('changed', RoleEnvironment.getConfigurationSettingValue('Queue')))
      RoleEnvironment.on('stopping', () => console.log('stopping'))
      export default { ${members} }`,
  }
}
const plainModule = moduleRole(`
  onStart() { console.log('onStart', RoleEnvironment.getConfigurationSettingValue('Queue')); return true },
  run: forEver,
  onStop() { console.log('onStop') },`)

function task(commandLine: string, attributes = ''): string {
  return `<Task commandLine="${commandLine}" executionContext="elevated" ${attributes}><Environment /></Task>`
}

async function serverAnswer(guest: Guest): Promise<string> {
  let text = ''
  await until(() => {
    void fetch(`http://${guest.settings.address}:8080/`)
      .then((response) => response.text())
      .then((body) => void (text = body))
      .catch(() => {})
    return text !== ''
  }, 'the server answers')
  return text
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function settingsOf(guest: Guest, settings: Record<string, string>) {
  const { configuration } = guest
  const { specification } = configuration
  // As every change of the configuration does.
  const deploymentIncarnation = specification.deploymentIncarnation + 1
  return { ...configuration, specification: { ...specification, deploymentIncarnation, settings } }
}

describe('a program as entry point', () => {
  it('is Ready as soon as it has started, and answers on the instance address (S-37)', () =>
    inGuest({ software: serverRole }, async (guest) => {
      const { goalStateIncarnation } = await guest.host.health(isReady, 'Ready')
      assert.equal(goalStateIncarnation, 1)
      assert.match(await serverAnswer(guest), /^hello \d+$/)
    }))

  it('starts though its package has a directory where __entrypoint.txt would be', () =>
    inGuest({ software: { ...serverRole, '__entrypoint.txt/x': '' } }, async ({ host }) => {
      await host.health(isReady, 'Ready')
    }))

  it('runs many times on one machine: another guest has the same port on its own address', () =>
    inGuest({ software: serverRole }, (one) =>
      inGuest({ software: serverRole }, async (other) => {
        await Promise.all([one.host.health(isReady, 'Ready'), other.host.health(isReady, 'Ready')])
        assert.notEqual(await serverAnswer(one), await serverAnswer(other))
      }),
    ))

  it('is recycled when it ends, whatever its exit code (S-37, H-31)', () =>
    inGuest(
      { software: { 'RoleModel.xml': programModel('sh -c &quot;sleep 0.1; exit 0&quot;'), 'approot/x': '' } },
      async ({ host }) => {
        await host.health(isReady, 'Ready')
        await host.health(hasStatus('RestartingRole'), 'RestartingRole')
        const cycling = await host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.ok((cycling.failures ?? 0) >= 2, `counts failures: ${cycling.failures}`)
      },
    ))

  it('that uses reddog/runtime is told Stopping, and ended by SIGTERM when its listeners are done (role-runtime.md 8.5)', () =>
    inGuest(
      {
        software: {
          'RoleModel.xml': programModel('node program.js'),
          'approot/program.js': `const { RoleEnvironment } = require('reddog/runtime')
            console.log('peers', Object.keys(RoleEnvironment.roles), RoleEnvironment.currentRoleInstance.id)
            let heard = false
            RoleEnvironment.on('statusCheck', () => { if (!heard) console.log('heard'); heard = true })
            RoleEnvironment.on('stopping', () => new Promise((done) => setTimeout(() => { console.log('stopping'); done() }, 50)))
            process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit() })
            setInterval(() => {}, 1000)`,
        },
      },
      async (guest) => {
        // Ready as soon as it runs; it can be told once it has found the runtime.
        await until(() => guest.log('RoleOutput').includes('heard'), 'the program hears the runtime')
        await guest.host.health(isReady, 'Ready')
        guest.host.want({ role: 'Stopped' })
        await guest.host.health(({ state }) => state === 'Stopped', 'Stopped', 4_000)
        assert.equal(guest.log('RoleOutput'), "peers [ 'Worker' ] Worker_IN_0\nheard\nstopping\nSIGTERM\n")
      },
    ))

  it('that floods its output neither waits nor fills the disk: the log starts again at 10 MB (G-14)', () =>
    inGuest(
      {
        software: {
          'RoleModel.xml': programModel('node flood.js'),
          'approot/flood.js': `const fs = require('fs'), block = 'x'.repeat(1023) + '\\n'
            for (let n = 0; n < 40 * 1024; n++) fs.writeSync(1, block)
            fs.writeFileSync('done', ''); setInterval(() => fs.writeSync(1, block.repeat(512)), 50)`,
        },
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await until(() => existsSync(join(guest.root, 'e/approot/done')), 'the flood is over')
        const { deploymentId } = guest.configuration.specification
        const output = join(guest.root, `c/Resources/Directory/${deploymentId}.Worker/RoleOutput.log`)
        const limit = 10 * 1024 * 1024
        // The last quarter of its room is for what is written while it is copied.
        await until(
          () => (statSync(`${output}.old`, { throwIfNoEntry: false })?.size ?? 0) >= (limit * 3) / 4,
          'the old one is kept',
        )
        assert.ok(statSync(`${output}.old`).size <= limit)
        await until(() => statSync(output).size < limit, 'the log has started again')
      },
    ))

  it('is ended by SIGTERM at a stop, and nothing of it is left (role-runtime.md 8.5)', () =>
    inGuest({ software: serverRole }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await serverAnswer(guest)
      guest.host.want({ role: 'Stopped', machine: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
      assert.deepEqual(guest.pids('server.js'), [])
      assert.deepEqual(guest.pids('WaHostBootstrapper'), [])
      assert.match(guest.log('AppAgentRuntime'), /_Context_Start: \{.*\} Context: StopContainer\(\)/)
    }))
})

describe('startup tasks', () => {
  it('run before the role, in order, in the command shell of the original (S-12, S-23, S-29)', () =>
    inGuest(
      {
        software: {
          'RoleModel.xml': programModel('node .\\Server.js', {
            tasks: `<Startup>${task('Setup.cmd one &gt; %TEMP%\\one.txt')}${task('setup two 1&lt;&amp;2 &gt;&gt; log.txt')}</Startup>`,
            environment: portVariable,
          }),
          'approot/setup.sh': '#!/bin/sh\necho "$1 $RoleName $(cat "$TEMP/one.txt" 2>/dev/null)"\n',
          'approot/server.js': server,
        },
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.equal(readFileSync(join(guest.root, 'e/approot/log.txt'), 'utf8'), 'two Worker one Worker \n')
        const lines = guest
          .log('WaHostBootstrapper')
          .match(/Executing Startup Task type=0 rolemodule=\(null\) cmd="[^"]*"/g)
        assert.equal(lines?.length, 2)
        assert.match(guest.log('Windows Azure'), /\[10001\].*\n.*\[10002\]/)
      },
    ))

  it('that fail end the start: no later task, no role, the command in the details, and again for ever (S-24, T-6, T-7)', () =>
    inGuest(
      {
        software: {
          'RoleModel.xml': programModel('node server.js', {
            tasks: `<Startup>${task('sh -c &quot;exit 3&quot;')}${task('touch later')}</Startup>`,
          }),
          'approot/server.js': server,
        },
      },
      async (guest) => {
        const { description = '', failures = 0 } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.match(
          description,
          /^Role has encountered an error and has stopped\.\.\. Application startup task "sh -c "exit 3"" failed with exit code 3\. \[\d{4}-.*Z\]/,
        )
        assert.match(
          description,
          /Last exit code: -2147467259\. Last startup task error: name - "sh -c "exit 3"" , exit code - 3\.$/,
        )
        assert.ok(failures >= 2)
        assert.ok(!existsSync(join(guest.root, 'e/approot/later')))
        await guest.host.health((health) => (health.failures ?? 0) >= 4, 'a fourth failure')
      },
    ))

  it('that only Windows can run are refused with the two ways out (design.md 6)', () =>
    inGuest(
      {
        software: {
          'RoleModel.xml': programModel('node server.js', { tasks: `<Startup>${task('Install.cmd')}</Startup>` }),
          'approot/install.cmd': 'msiexec /i thing.msi & regsvr32 thing.dll',
          'approot/server.js': server,
        },
      },
      async ({ host }) => {
        const { description = '' } = await host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.match(description, /"Install\.cmd" is a program for Windows.*"Install\.sh" or "Install".*--overlay/)
      },
    ))

  it('written for PowerShell run their stand-in, saved with CR LF; a constant variable is filled in as it was there (S-29, S-30)', () =>
    inGuest(
      {
        software: {
          'RoleModel.xml': programModel('node .\\server.js', {
            tasks: `<Startup>${task('powershell -ExecutionPolicy Unrestricted .\\setup.ps1 &gt;&gt; &quot;%TEMP%\\x&quot; 2&gt;&amp;1')}</Startup>`,
            environment: `${portVariable}<Variable name="PYPATH" value="%SystemDrive%\\Python27" /><Variable name="path" value="%PATH%;%RoleRoot%\\approot\\bin" /><Variable name="Plain" value="a\\b %none%" />`,
          }),
          'approot/setup.ps1': 'Get-Service',
          'approot/Setup.sh': '#!/bin/sh\r\necho done $RoleName\r\n',
          'approot/server.js': `console.log(JSON.stringify(process.env)); ${server}`,
        },
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const role = `${guest.settings.key.split('.')[0]}.Worker`
        assert.equal(readFileSync(join(guest.root, `c/Resources/temp/${role}/RoleTemp/x`), 'utf8'), 'done Worker\n')
        await serverAnswer(guest)
        const { PYPATH, PATH = '', Plain } = JSON.parse(guest.log('RoleOutput').trim()) as Record<string, string>
        assert.deepEqual([PYPATH, Plain], [join(guest.root, 'c/Python27'), 'a\\b %none%'])
        assert.equal(PATH.split(':').at(-1), join(guest.root, 'e/approot/bin'))
      },
    ))

  it('that the system does not run say why in the details and in the log, as does the program of the role', async () => {
    const copies = Array.from({ length: 200 }, (_, n) => `<Variable name="Copy${n}" value="%Large%" />`).join('')
    const rows = [
      [
        task('netsh advfirewall'),
        'node server.js',
        '',
        'Application startup task "netsh advfirewall" failed with exit code 127: there is no program "netsh" in the package or on the PATH of this machine',
      ],
      [
        '',
        'tool9 -jar x.jar',
        '',
        'The host process ended with exit code 127: there is no program "tool9" in the package or on the PATH of this machine',
      ],
      [
        '',
        'node server.js',
        `<Variable name="Large" value="${'x'.repeat(32_000)}" />${copies}`,
        /The system did not start it \(E2BIG\): .*The largest variable is \w+ with 320\d\d/,
      ],
    ] as const
    for (const [tasks, program, environment, words] of rows)
      await inGuest(
        {
          software: {
            'RoleModel.xml': programModel(program, {
              tasks: tasks && `<Startup>${tasks}</Startup>`,
              environment: `<Variable name="PATH" value="/usr/bin:/bin" />${environment}`,
            }),
            'approot/server.js': server,
          },
        },
        async (guest) => {
          const { description = '' } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
          for (const text of [description, guest.log('WaHostBootstrapper')])
            if (typeof words === 'string') assert.ok(text.includes(words), text)
            else assert.match(text, words)
        },
      )
  })

  it('of plug-ins of the SDK are passed over with a line', () =>
    inGuest(
      {
        software: {
          ...serverRole,
          'RoleModel.xml': programModel('node server.js', {
            environment: portVariable,
            tasks: `<Startup>${task('Profiler.exe', 'taskType="background" relativePath="plugins\\Profiling\\"')}</Startup>`,
          }),
        },
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.match(
          guest.log('WaHostBootstrapper'),
          /WARN \] Startup Task type=2 rolemodule=Profiling cmd="Profiler.exe" is passed over/,
        )
      },
    ))
})

describe('a module in WaWorkerHost', () => {
  it('is Busy during onStart and Ready as Run begins (S-15, S-16)', () =>
    inGuest(
      {
        software: moduleRole(`
          async onStart() { console.log('asked'); while (!(await import('node:fs')).existsSync('go')) await new Promise((r) => setTimeout(r, 10)) },
          run: forEver,`),
      },
      async (guest) => {
        await until(() => guest.log('WaWorkerHost').includes('asked'), 'onStart has begun')
        assert.ok(!guest.host.reports.some(isReady))
        assert.ok(guest.host.reports.some(hasStatus('BusyRole')))
        writeFileSync(join(guest.root, 'e/approot/go'), '')
        await guest.host.health(isReady, 'Ready')
        assert.equal(guest.pids('WaWorkerHost').length, 1)
      },
    ))

  it('runs below the agents in every thread once it is loaded (design.md 9.5)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const [pid] = guest.pids('WaWorkerHost')
      const threads = readdirSync(`/proc/${pid}/task`).map(Number)
      assert.deepEqual([...new Set(threads.map(getPriority))], [5])
    }))

  it('that throws in onStart has the exception in the details, with type, message and stack (T-7, S-36)', () =>
    inGuest(
      { software: moduleRole(`onStart() { throw new RangeError('no queue') }, onStop() { console.log('onStop') },`) },
      async (guest) => {
        const { description = '' } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.match(description, /Unhandled Exception: RangeError: no queue \(in OnStart\).*at .*worker\.mjs/)
        assert.doesNotMatch(guest.log('WaWorkerHost'), /onStop|stopping/)
      },
    ))

  it('whose onStart answers false is started again, without Stopping (S-36, H-30)', () =>
    inGuest({ software: moduleRole(`onStart() { return false },`) }, async (guest) => {
      const { description = '' } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
      assert.match(description, /OnStart returned false/)
      assert.doesNotMatch(guest.log('WaWorkerHost'), /stopping/)
    }))

  it('takes a new setting without a restart: Changing, then Changed (U-47)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const [pid] = guest.pids('WaWorkerHost')
      const incarnation = guest.host.want({ configuration: settingsOf(guest, { Queue: 'returns' }) })
      await guest.host.health(
        (health) => isReady(health) && health.goalStateIncarnation === incarnation,
        'Ready for the new incarnation',
      )
      assert.match(
        guest.log('WaWorkerHost'),
        /changing \[\{"kind":"configurationSetting","name":"Queue"\}\]\nchanged returns/,
      )
      assert.deepEqual(guest.pids('WaWorkerHost'), [pid])
      const files = readdirSync(join(guest.root, 'c/Config')).filter((name) => !name.includes('RoleEnvironment'))
      assert.equal(files.length, 2, 'one configuration file for each version of the deployment (S-9)')
    }))

  it('that cancels Changing is stopped and started with the new value; Changed is not raised (U-48)', () =>
    inGuest(
      {
        software: moduleRole(`
          onStart() { console.log('onStart', RoleEnvironment.getConfigurationSettingValue('Queue')); RoleEnvironment.on('changing', (event) => { event.cancel = true }) },
          run: forEver, onStop() { console.log('onStop') },`),
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const incarnation = guest.host.want({ configuration: settingsOf(guest, { Queue: 'returns' }) })
        await guest.host.health(hasStatus('RestartingRole'), 'RestartingRole')
        await guest.host.health(
          (health) => isReady(health) && health.goalStateIncarnation === incarnation,
          'Ready again',
        )
        assert.match(guest.log('WaWorkerHost'), /onStart orders[\s\S]*stopping\n[\s\S]*onStop\n[\s\S]*onStart returns/)
        assert.doesNotMatch(guest.log('WaWorkerHost'), /^changed/m)
      },
    ))

  it('that asks for a recycle leaves rotation, is stopped gracefully and starts again; local storage follows its attribute (H-33, H-26)', () =>
    inGuest(
      {
        software: moduleRole(`
          async run() {
            const { existsSync, writeFileSync } = await import('node:fs')
            const [scratch, kept] = ['Scratch', 'Kept'].map((name) => RoleEnvironment.getLocalResource(name).rootPath + 'marker')
            console.log('found', existsSync(scratch), existsSync(kept))
            if (existsSync(kept)) return forEver()
            for (const file of [scratch, kept]) writeFileSync(file, '')
            await RoleEnvironment.requestRecycle()
            return forEver()
          },
          onStop() { console.log('onStop') },`),
      },
      async (guest) => {
        await guest.host.health(hasStatus('RestartingRole'), 'RestartingRole')
        await until(
          () => guest.log('WaWorkerHost').includes('found false true'),
          'the role runs again',
          () => guest.log('WaWorkerHost'),
        )
        assert.match(guest.log('WaWorkerHost'), /found false false\n[\s\S]*stopping\n[\s\S]*onStop/)
        const { failures } = await guest.host.health(isReady, 'Ready')
        assert.equal(failures, undefined)
      },
    ))

  it('whose local storage is beyond its size has that in its details for as long as it is (H-26)', () =>
    inGuest(
      {
        software: moduleRole(`
          async run() {
            const { existsSync, rmSync, truncateSync, writeFileSync } = await import('node:fs')
            const path = RoleEnvironment.getLocalResource('Scratch').rootPath
            // A file with a hole takes no room.
            writeFileSync(path + 'hole', '')
            truncateSync(path + 'hole', 2 ** 30)
            const much = [path + 'much', process.env.TEMP + '/much']
            writeFileSync(much[0], Buffer.alloc(2 ** 21, 1))
            writeFileSync(much[1], Buffer.alloc(101 * 2 ** 20, 1))
            setInterval(() => existsSync(path + 'enough') && much.forEach((file) => rmSync(file, { force: true })), 100)
            return forEver()
          },`),
      },
      async (guest) => {
        const { deploymentId } = guest.configuration.specification
        const { description } = await guest.host.health(
          (health) => isReady(health) && health.description !== undefined,
          'Ready with details',
        )
        assert.equal(
          description,
          'Local storage TEMP holds more than its 100 MB. Local storage Scratch holds more than its 1 MB.',
        )
        writeFileSync(join(guest.root, `c/Resources/Directory/${deploymentId}.Worker.Scratch/enough`), '')
        await guest.host.health((health) => isReady(health) && health.description === undefined, 'Ready without')
      },
    ))

  it('at a stop: out of rotation and 503, Stopping, onStop, end (H-27)', () =>
    inGuest(
      {
        software: moduleRole(`run: forEver, async onStop() {
          const { address } = RoleEnvironment.currentRoleInstance.endpoints[0]
          console.log('probe', (await fetch('http://' + address + ':16001/')).status) },`),
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        assert.equal((await fetch(`http://${guest.settings.address}:16001/`)).status, 200)
        guest.host.want({ role: 'Stopped' })
        await guest.host.health(hasStatus('StoppingRole'), 'StoppingRole')
        await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
        assert.match(guest.log('WaWorkerHost'), /stopping\n[\s\S]*probe 503/)
        assert.deepEqual(guest.pids('WaWorkerHost'), [])
      },
    ))

  it('that hangs in onStop is killed at the deadline, with all that it started (H-28)', () =>
    inGuest(
      {
        software: moduleRole(
          `async run() { (await import('node:child_process')).spawn('sleep', ['1000'], { detached: true }); return forEver() }, onStop: forEver,`,
        ),
        wanted: { stopRolesDeadlineHintMs: 500 },
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await until(() => guest.pids('sleep').length === 1, 'the child runs')
        guest.host.want({ role: 'Stopped' })
        await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
        assert.deepEqual([...guest.pids('WaWorkerHost'), ...guest.pids('sleep')], [])
      },
    ))

  it('that sets Busy at a StatusCheck is Busy until the next one (H-32); one that hangs is Busy and lives (H-10)', () =>
    inGuest(
      {
        software: moduleRole(`
          onStart() {
            let checks = 0
            RoleEnvironment.on('statusCheck', (event) => {
              checks++
              if (checks === 2) event.setBusy()
              if (checks === 4) { const end = Date.now() + 1500; while (Date.now() < end); }
            })
          }, run: forEver,`),
      },
      async (guest) => {
        const [pid] = await guest.host.health(isReady, 'Ready').then(() => guest.pids('WaWorkerHost'))
        await guest.host.health((health) => /reports that it is busy/.test(health.description ?? ''), 'Busy')
        await guest.host.health(isReady, 'Ready after Busy')
        await guest.host.health((health) => /does not answer/.test(health.description ?? ''), 'Busy because it hangs')
        await guest.host.health(isReady, 'Ready after it hung')
        assert.deepEqual(guest.pids('WaWorkerHost'), [pid])
      },
    ))
})

describe('what dies', () => {
  it('a guest agent that is killed is back at once; the role does not notice (design.md 9.6)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const [role, bootstrapper] = [guest.pids('WaWorkerHost')[0], guest.pids('WaHostBootstrapper')[0]]
      const [agent] = guest.pids('WindowsAzureGuestAgent.mjs')
      process.kill(agent as number, 'SIGKILL')
      const seen = guest.host.reports.length
      await until(() => guest.host.reports.length > seen, 'reports go on')
      assert.ok(guest.host.reports.slice(seen).every(isReady))
      // The connection to the bootstrapper is there again too: a change still arrives.
      const incarnation = guest.host.want({ configuration: settingsOf(guest, { Queue: 'returns' }) })
      await guest.host.health(
        (health) => isReady(health) && health.goalStateIncarnation === incarnation,
        'Ready for the change',
      )
      assert.deepEqual([guest.pids('WaWorkerHost')[0], guest.pids('WaHostBootstrapper')[0]], [role, bootstrapper])
      assert.match(guest.log('WaWorkerHost'), /changed returns/)
    }))

  it('a host process that crashes is started again, at once the first time, with the reason in the details (H-9, H-13)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      process.kill(guest.pids('WaWorkerHost')[0] as number, 'SIGKILL')
      const recovering = await guest.host.health(
        (health) => (health.description ?? '').startsWith('Recovering role'),
        'Recovering',
      )
      assert.equal(recovering.failures, 1)
      await guest.host.health(isReady, 'Ready again')
      await guest.host.health(
        (health) => isReady(health) && health.failures === undefined,
        'settled: the count is zero again (H-14)',
      )
      assert.equal(guest.pids('WaWorkerHost').length, 1)
    }))

  it('a bootstrapper that is killed leaves nothing of its role behind, and the stack starts again (H-9)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const [role] = guest.pids('WaWorkerHost')
      process.kill(guest.pids('WaHostBootstrapper')[0] as number, 'SIGKILL')
      await guest.host.health((health) => health.failures === 1, 'a failure')
      await guest.host.health(isReady, 'Ready again')
      const now = guest.pids('WaWorkerHost')
      assert.ok(now.length === 1 && now[0] !== role)
      assert.ok(
        existsSync(
          join(
            guest.root,
            `c/Resources/Directory/${guest.configuration.specification.deploymentId}.Worker.DiagnosticStore/WaHostBootstrapper.1.log`,
          ),
        ),
        'a new log for each start (G-7)',
      )
    }))

  it(
    'a process that has left its session and its environment goes with the role: the uid gives it away (design.md 9.5)',
    { skip: process.getuid?.() === 0 ? false : 'it needs root to give the guest a uid of its own' },
    () =>
      inGuest(
        {
          uid: 200_077,
          software: {
            'RoleModel.xml': programModel('sh start.sh'),
            'approot/start.sh': 'setsid env -i sleep 987654 &\nexec sleep 1000\n',
          },
        },
        async (guest) => {
          await guest.host.health(isReady, 'Ready')
          const escaped = () =>
            readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLineOf(pid).includes('987654'))
          await until(() => escaped().length === 1, 'the process has left')
          assert.equal(statSync(`/proc/${escaped()[0]}`).uid, 200_077)
          guest.host.want({ role: 'Stopped' })
          await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
          assert.deepEqual(escaped(), [])
          assert.equal(guest.pids('WindowsAzureGuestAgent.mjs').length, 1, 'the agents live on')
        },
      ),
  )

  it('WaAppAgent, told to end, takes the whole guest with it', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      process.kill(guest.appAgent.identity.pid, 'SIGTERM')
      await guest.appAgent.exited
      await until(
        () => guest.pids('').length === 0,
        'nothing of the guest is left',
        () => String(guest.pids('')),
      )
    }))
})

describe('what is new', () => {
  it('a new package is unpacked on the other letter, and the role moves there (S-34, design.md 9.8)', () =>
    inGuest({ software: serverRole }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const incarnation = guest.host.want({
        configuration: { ...guest.configuration, softwareSha256: 'b'.repeat(64), root: 2 },
      })
      await guest.host.health(hasStatus('StoppingRole'), 'StoppingRole')
      await guest.host.health(
        (health) => isReady(health) && health.goalStateIncarnation === incarnation,
        'Ready with the new package',
      )
      assert.ok(existsSync(join(guest.root, 'f/RoleModel.xml')))
      assert.match(guest.log('WaHostBootstrapper'), /in .*\/guest\/f\./)
    }))

  it('a new certificate takes the role offline, a topology change does not (U-49, U-52)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const { specification } = guest.configuration
      const peer = {
        ...plainSpecification('127.9.9.9').topology[0],
        id: 'Worker_IN_1',
      } as (typeof specification.topology)[number]
      const grown = {
        ...guest.configuration,
        specification: { ...specification, topology: [...specification.topology, peer] },
      }
      guest.host.want({ configuration: grown })
      await until(
        () => guest.log('WaWorkerHost').includes('changing [{"kind":"topology","roleName":"Worker"}]'),
        'Changing',
      )
      const [pid] = guest.pids('WaWorkerHost')
      guest.host.want({
        configuration: { ...grown, specification: { ...grown.specification, storedCertificates } },
        certificates,
      })
      await guest.host.health(hasStatus('RestartingRole'), 'RestartingRole')
      await guest.host.health(isReady, 'Ready')
      assert.notEqual(guest.pids('WaWorkerHost')[0], pid)
      assert.equal(readFileSync(join(guest.root, 'c/Certificates/Tls.key'), 'utf8'), tlsKey)
      guest.host.want({ configuration: grown, certificates: undefined })
      await until(() => !existsSync(join(guest.root, 'c/Certificates/index.json')), 'the certificate goes')
      assert.deepEqual(readdirSync(join(guest.root, 'c/Certificates')), [])
    }))

  it('a certificate that the host agent does not give is FailedStartingRole, and the role starts when it comes', () =>
    inGuest({ software: plainModule, wanted: { certificates: [] } }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const { specification } = guest.configuration
      guest.host.want({
        configuration: { ...guest.configuration, specification: { ...specification, storedCertificates } },
      })
      const { description = '' } = await guest.host.health(hasStatus('FailedStartingRole'), 'FailedStartingRole')
      assert.match(description, /The certificate Tls \([0-9A-F]{40}\) is not among those that the host agent gives/)
      guest.host.want({ certificates })
      await guest.host.health(isReady, 'Ready')
    }))

  it('topology that goes to all at once cannot be cancelled; a setting that comes with it can be, and is told apart (U-53)', () =>
    inGuest(
      {
        software: moduleRole(`
          onStart() {
            for (const name of ['simultaneousChanging', 'simultaneousChanged', 'changing'])
              RoleEnvironment.on(name, (event) => { event.cancel = name === 'simultaneousChanging'; console.log(name, event.changes.map(({ kind }) => kind).join()) })
          },
          run: forEver,`),
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        const pids = guest.pids('WaWorkerHost')
        const { specification } = guest.configuration
        const peer = {
          ...plainSpecification('127.9.9.9').topology[0],
          id: 'Worker_IN_1',
        } as (typeof specification.topology)[number]
        const grown = { ...specification, blast: true, topology: [...specification.topology, peer] }
        const both = guest.host.want({
          configuration: { ...guest.configuration, specification: { ...grown, settings: { Queue: 'returns' } } },
        })
        await guest.host.health((health) => isReady(health) && health.goalStateIncarnation === both, 'Ready for both')
        const events = guest.log('WaWorkerHost').match(/^(?:simultaneous\w+|changing) [a-zA-Z,]+$/gm)
        assert.deepEqual(events, [
          'simultaneousChanging topology',
          'changing configurationSetting',
          'simultaneousChanged topology',
        ])
        assert.deepEqual(guest.pids('WaWorkerHost'), pids, 'nothing was restarted')
      },
    ))

  it('a setting that changes while startup tasks run, or while the role stops, is the one that it starts with', () =>
    inGuest(
      {
        software: {
          ...moduleRole(`
            onStart() { console.log('onStart', RoleEnvironment.getConfigurationSettingValue('Queue')) },
            run: forEver,
            async onStop() { console.log('onStop'); while (!(await import('node:fs')).existsSync('end')) await new Promise((r) => setTimeout(r, 10)) },`),
          'RoleModel.xml': moduleModel('Worker.mjs').replace(
            '<Runtime>',
            `<Startup>${task('sh -c &quot;echo began &gt; began; while [ ! -f go ]; do sleep 0.05; done&quot;')}</Startup><Runtime>`,
          ),
        },
      },
      async (guest) => {
        const approot = (name: string) => join(guest.root, 'e/approot', name)
        const readyWith = (incarnation: number) =>
          guest.host.health((health) => isReady(health) && health.goalStateIncarnation === incarnation, 'Ready')
        await until(() => existsSync(approot('began')), 'the task runs')
        const early = guest.host.want({ configuration: settingsOf(guest, { Queue: 'early' }) })
        await until(
          () => guest.log('AppAgentRuntime').includes(`Incarnation ${early} is in force`),
          'the stack is told',
        )
        writeFileSync(approot('go'), '')
        await readyWith(early)
        const certified = settingsOf(guest, { Queue: 'early' })
        guest.host.want({
          certificates,
          configuration: { ...certified, specification: { ...certified.specification, storedCertificates } },
        })
        await until(() => guest.log('WaWorkerHost').includes('onStop'), 'the role stops')
        const late = settingsOf(guest, { Queue: 'late' })
        const last = guest.host.want({
          configuration: { ...late, specification: { ...late.specification, storedCertificates } },
        })
        writeFileSync(approot('end'), '')
        await readyWith(last)
        assert.deepEqual(guest.log('WaWorkerHost').match(/^onStart \w+$/gm), ['onStart early', 'onStart late'])
        assert.doesNotMatch(guest.log('WaWorkerHost'), /^chang(ing|ed)/m)
      },
    ))

  it('another guest agent is installed with the role down, and runs (F-11, H-24)', () =>
    inGuest({ software: plainModule }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      guest.host.want({ agentPackage: { path: join(programs, 'WindowsAzureGuestAgent.mjs'), incarnation: 'next' } })
      await guest.host.health(hasStatus('RestartingRole'), 'RestartingRole')
      await guest.host.health(isReady, 'Ready')
      assert.match(guest.log('WaAppAgent'), /WindowsAzureGuestAgent starting\. Version next/)
      assert.match(guest.log('WaWorkerHost'), /onStop/)
    }))

  it('a package that is damaged is FailedStartingRole and tried again', () =>
    inGuest({ software: '/nowhere' }, async (guest) => {
      const { description = '' } = await guest.host.health(hasStatus('FailedStartingRole'), 'FailedStartingRole')
      assert.match(description, /^Preparing to start role\.\.\. .*\/nowhere/)
    }))
})
