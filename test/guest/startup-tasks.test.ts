/** Startup tasks of every type with real processes: what waits for whom, what they find, how they end, and what they do wrong (S-20 to S-31). */
import assert from 'node:assert/strict'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type Guest,
  type GuestOptions,
  hasStatus,
  isReady,
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

interface Scripts {
  /** Startup tasks in their order: the type, and what the script does. */
  readonly tasks: readonly (readonly [type: 'simple' | 'background' | 'foreground', script: string])[]
  /** The role; it serves until SIGTERM unless told. */
  readonly role?: string
  readonly timers?: GuestOptions['timers']
  readonly wanted?: GuestOptions['wanted']
}

/** Says that it runs and waits without end, and without a fork, which would be counted as a second process for a moment. */
const serve = (name: string) =>
  `[ -p "$TEMP/never" ] || mkfifo "$TEMP/never"; echo ${name} runs; read -r _ < "$TEMP/never"`

/** The same, and says on SIGTERM that it ends. */
const patient = `trap "echo role has ended; exit 0" TERM; ${serve('role')}`

/** A guest whose tasks `0.sh`, `1.sh` … and role `role.sh` are scripts. */
function inGuest(
  { tasks, role = patient, timers = {}, wanted = {} }: Scripts,
  act: (guest: Guest) => Promise<void>,
): Promise<void> {
  const scripts = tasks.map(([, script], index) => [`approot/${index}.sh`, `#!/bin/sh\n${script}\n`])
  const startup = tasks.map(
    ([type], index) => `<Task commandLine="${index}.sh" taskType="${type}"><Environment/></Task>`,
  )
  const software = {
    'RoleModel.xml': programModel('role.sh', { tasks: `<Startup>${startup.join('')}</Startup>` }),
    'approot/role.sh': `#!/bin/sh\n${role}\n`,
    ...Object.fromEntries(scripts),
  }
  return startedIn({ programs, software, timers, wanted }, act)
}

const said = (guest: Guest, ...lines: readonly string[]) =>
  until(
    () => lines.every((line) => guest.log('RoleOutput').split('\n').includes(line)),
    `the role's output has ${lines.join(', ')}`,
    () => guest.log('RoleOutput'),
  )

const stoppedIn = async (guest: Guest, limitMs = 4_000) => {
  guest.host.want({ role: 'Stopped' })
  await guest.host.health(({ state }) => state === 'Stopped', 'Stopped', limitMs)
}

describe('a background task', () => {
  it('is not waited for, runs beside the role, and ends with it, though it ignores SIGTERM (S-21, H-27)', () =>
    inGuest(
      {
        tasks: [
          ['background', `trap '' TERM; ${serve('background')}`],
          ['simple', 'echo simple'],
        ],
      },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await said(guest, 'background runs', 'simple', 'role runs')
        assert.equal(guest.pids('0.sh').length, 1)
        assert.match(guest.log('WaHostBootstrapper'), /Executing Startup Task type=2 rolemodule=\(null\) cmd="0\.sh"/)
        await stoppedIn(guest)
        assert.deepEqual(guest.pids('0.sh'), [])
        await said(guest, 'role has ended')
      },
    ))

  it('that dies is logged with its exit code, and the role runs on (S-26, H-11)', () =>
    inGuest({ tasks: [['background', 'echo dies; exit 7']] }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await until(
        () => /ERROR\] Startup Task type=2 .* ended with exit code 7/.test(guest.log('WaHostBootstrapper')),
        'its end is logged',
      )
      assert.match(guest.log('Windows Azure'), /\[10005\].*"0\.sh" failed with exit code 7/)
      assert.ok(isReady(await guest.host.health(isReady, 'Ready')))
      await said(guest, 'role runs')
      assert.equal(guest.pids('role.sh').length, 1)
    }))

  it('runs again with every start of the role, and there is one of it (S-27)', () =>
    inGuest(
      { tasks: [['background', serve('background')]], role: 'while [ ! -e "$TEMP/end" ]; do sleep 0.05; done; exit 1' },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await said(guest, 'background runs')
        const first = guest.pids('0.sh')
        const { deploymentId } = guest.configuration.specification
        const end = join(guest.root, `c/Resources/temp/${deploymentId}.Worker/RoleTemp/end`)
        writeFileSync(end, '')
        await until(() => guest.log('RoleOutput').split('background runs').length > 2, 'it runs again')
        const second = guest.pids('0.sh')
        assert.deepEqual([first.length, second.length, second[0] === first[0]], [1, 1, false])
        assert.ok(!existsSync(end), 'TEMP is emptied with each start (S-31)')
      },
    ))

  it('and what it has forked end when the bootstrapper is killed, and a new start has its own', () =>
    inGuest({ tasks: [['background', `(${serve('fork')}) & ${serve('background')}`]] }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await said(guest, 'fork runs', 'background runs')
      const before = guest.pids('0.sh')
      for (const pid of guest.pids('WaHostBootstrapper')) process.kill(pid, 'SIGKILL')
      await until(
        () => guest.pids('0.sh').length === 2 && !guest.pids('0.sh').some((pid) => before.includes(pid)),
        'two others run',
      )
    }))
})

describe('a foreground task', () => {
  const foreground =
    'echo foreground runs; while [ ! -e "$TEMP/ended" ]; do sleep 0.05; done; sleep 0.5; echo foreground has ended'
  const role = `trap 'touch "$TEMP/ended"; echo role has ended; exit 0' TERM; echo role runs; while :; do sleep 0.05; done`

  it('is not waited for at the start; the stop waits for it, and tells it nothing (S-26, H-27)', () =>
    inGuest({ tasks: [['foreground', foreground]], role }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await said(guest, 'foreground runs', 'role runs')
      assert.match(guest.log('WaHostBootstrapper'), /Executing Startup Task type=1 rolemodule=\(null\) cmd="0\.sh"/)
      await stoppedIn(guest)
      assert.match(guest.log('RoleOutput'), /role has ended\nforeground has ended\n$/)
    }))

  it('is waited for when the role is recycled, too', () =>
    inGuest(
      {
        tasks: [['foreground', foreground]],
        role: 'echo role runs; sleep 0.3; touch "$TEMP/ended"; echo role has ended; exit 0',
      },
      async (guest) => {
        await until(() => guest.log('RoleOutput').split('role runs').length > 2, 'the role runs again')
        assert.match(guest.log('RoleOutput'), /role has ended\nforeground has ended\n/)
      },
    ))

  it('that never ends is killed at the deadline of the stop (H-28)', () =>
    inGuest(
      { tasks: [['foreground', `trap '' TERM; ${serve('foreground')}`]], wanted: { stopRolesDeadlineHintMs: 700 } },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await said(guest, 'foreground runs')
        await stoppedIn(guest, 20_000)
        assert.deepEqual(guest.pids('0.sh'), [])
      },
    ))
})

describe('a simple task', () => {
  it('that never ends keeps the instance Busy, and is named (S-25)', () =>
    inGuest(
      {
        tasks: [
          ['simple', 'echo first'],
          ['simple', serve('second')],
        ],
        timers: { longTaskAfter: 300 },
      },
      async (guest) => {
        const { description = '' } = await guest.host.health(
          ({ description = '' }) => description.includes('has not ended'),
          'the task is named',
        )
        assert.match(description, /Application startup tasks are running: "1\.sh" has not ended\. \[/)
        assert.ok(!guest.host.reports.some(isReady))
        assert.match(
          guest.log('WaHostBootstrapper'),
          /Executing Startup Task type=0 [^\n]*cmd="1\.sh"\n(?!.*Startup Task)/,
        )
        await stoppedIn(guest)
        assert.deepEqual(guest.pids('1.sh'), [])
      },
    ))

  it('that fails ends the tasks beside it before all run again (S-24)', () =>
    inGuest(
      {
        tasks: [
          ['background', serve('background')],
          ['simple', 'sleep 0.2; exit 4'],
        ],
      },
      async (guest) => {
        const { description = '' } = await guest.host.health(hasStatus('CyclingRole'), 'CyclingRole')
        assert.match(
          description,
          /Application startup task "1\.sh" failed with exit code 4\..*name - "1\.sh" , exit code - 4\.$/,
        )
        await guest.host.health((health) => (health.failures ?? 0) >= 3, 'a third failure')
        assert.ok(guest.pids('0.sh').length <= 1)
      },
    ))

  it('that forks a daemon in a session of its own is through when itself ends; the daemon ends with the role', () =>
    inGuest(
      { tasks: [['simple', 'mkfifo "$TEMP/never"; setsid sh -c "read -r _ < $TEMP/never # daemon" & echo forked']] },
      async (guest) => {
        await guest.host.health(isReady, 'Ready')
        await until(() => guest.pids('# daemon').length === 1, 'the daemon runs')
        await stoppedIn(guest)
        assert.deepEqual(guest.pids('# daemon'), [])
      },
    ))

  it('that floods its output fills no disk (G-14)', () =>
    inGuest({ tasks: [['simple', 'yes | head -c 60000000; sleep 0.6']] }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const { deploymentId } = guest.configuration.specification
      const output = join(guest.root, `c/Resources/Directory/${deploymentId}.Worker/RoleOutput.log`)
      const bytes = () => [output, `${output}.old`].map((file) => statSync(file).size)
      await until(
        () => bytes().every((size) => size <= 10 * 1024 * 1024),
        'little is left',
        () => `${bytes().join(' and ')} bytes are left`,
      )
    }))
})

it('a task changes the configuration of the web server that it finds, and a later one sees it (I-53)', () =>
  inGuest(
    {
      tasks: [
        [
          'simple',
          `at=\${SystemDrive%/c}/d/Windows/System32/inetsrv/config; mkdir -p "$at"
          echo '<configuration><system.applicationHost><applicationPools/></system.applicationHost></configuration>' > "$at/applicationHost.config"
          appcmd add apppool /name:Shop`,
        ],
        ['simple', 'appcmd.exe list apppools /text:name'],
      ],
    },
    async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await said(guest, 'APPPOOL object "Shop" added', 'Shop')
    },
  ))

it('every task has the environment of its role, and a TEMP of the instance (S-30, S-31)', () =>
  inGuest(
    {
      tasks: (['simple', 'background', 'foreground'] as const).map((type) => [
        type,
        `echo "${type} $RoleName $RoleInstanceID $RoleDeploymentID $RoleRoot $WaRoleType $(basename "$PWD") $TEMP $TMP"
        case :$PATH: in *":$RoleRoot/base/x64:$RoleRoot/base/x86:"*) echo ${type} path;; esac
        [ -n "$WaRuntimeEndpoint" ] && touch "$TEMP/${type}"; [ -w "$TEMP/${type}" ] && echo ${type} temp`,
      ]),
    },
    async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const { deploymentId } = guest.configuration.specification
      const temp = join(guest.root, `c/Resources/temp/${deploymentId}.Worker/RoleTemp`)
      const root = join(guest.root, 'e')
      const lines = ['simple', 'background', 'foreground'].flatMap((type) => [
        `${type} Worker Worker_IN_0 ${deploymentId} ${root} WorkerRole approot ${temp} ${temp}`,
        `${type} path`,
        `${type} temp`,
      ])
      await said(guest, ...lines)
    },
  ))
