/** Startup tasks as the user of a fabric meets them, however guests are kept apart: `deploy`, `status`, `logs`, `instance reboot`, `delete`. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { type House, makeHouse } from './house.ts'

type Tasks = Readonly<Record<string, readonly [attributes: string, script: string]>>

/** A worker role `W` of two scripts and more: a task for each name, in order. `more`: what the role's definition and its configuration have besides. */
function service(house: House, name: string, tasks: Tasks, more = { defined: '', configured: '' }): string {
  const directory = join(house.data, name)
  const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
  const files = {
    ...Object.fromEntries(Object.entries(tasks).map(([file, [, script]]) => [file, script])),
    'serve.sh': 'trap "touch $TEMP/ended; exit 0" TERM; echo the role runs; while :; do sleep 0.1; done',
  }
  mkdirSync(join(directory, 'W'), { recursive: true })
  for (const [file, script] of Object.entries(files)) {
    writeFileSync(join(directory, 'W', file), `#!/bin/sh\n${script}\n`)
    chmodSync(join(directory, 'W', file), 0o755)
  }
  const startup = Object.entries(tasks).map(([file, [attributes]]) => `<Task commandLine="${file}" ${attributes}/>`)
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Tasks" xmlns="${schema}/ServiceDefinition"><WorkerRole name="W" vmsize="ExtraSmall">
      <Startup>${startup.join('')}</Startup>${more.defined}
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="serve.sh" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
  )
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="Tasks" xmlns="${schema}/ServiceConfiguration"><Role name="W"><Instances count="1" />${more.configured}</Role></ServiceConfiguration>`,
  )
  return directory
}

/** A plug-in of nobody's SDK, with the two tasks of P-2: an agent, and what waits for it. */
function writePlugin(directory: string): void {
  const files = {
    'Watcher.csplugin': `<RoleModule namespace="Example.Watcher" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">
      <Startup priority="-2">
        <Task commandLine="agent.sh" taskType="background">
          <Environment><Variable name="LEVEL"><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/ConfigurationSettings/ConfigurationSetting[@name='Example.Watcher.Level']/@value" /></Variable></Environment>
        </Task>
        <Task commandLine="agent.sh /blockStartup" taskType="simple" />
      </Startup>
      <ConfigurationSettings><Setting name="Level" /></ConfigurationSettings>
    </RoleModule>`,
    'agent.sh': `#!/bin/sh
      if [ "$1" = /blockStartup ]; then while [ ! -e "$TEMP/watches" ]; do sleep 0.1; done; echo watches; exit 0; fi
      echo "$RdModuleName of $RoleInstanceID in $(basename "$PWD") begins at $LEVEL"; mkfifo "$TEMP/$$"; touch "$TEMP/watches"
      read -r _ <"$TEMP/$$"\n`,
  }
  mkdirSync(join(directory, 'Watcher'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, 'Watcher', name), text)
}

const whole: Tasks = {
  'setup.sh': ['executionContext="elevated"', 'echo setup of $RoleInstanceID; touch "$TEMP/setup"'],
  'beside.sh': [
    'taskType="background"',
    'trap "" TERM; [ -e "$TEMP/setup" ] && echo beside after setup; mkfifo "$TEMP/$$"; read -r _ <"$TEMP/$$"',
  ],
  'last.sh': [
    'taskType="foreground"',
    'while [ ! -e "$TEMP/ended" ]; do sleep 0.1; done; sleep 0.3; echo the last task has ended',
  ],
}

for (const { isolation, skip } of rungs)
  describe(`startup tasks in the ${isolation} driver`, { skip }, () => {
    const house = makeHouse(['--isolation', isolation, '--timer', 'settleTime=300ms', '--timer', 'longTaskAfter=1s'])
    before(() => house.up())
    after(() => house.dispose())

    const output = async (name = 'RoleOutput') =>
      (await house.reddog('logs', 'W_IN_0', name, '--service', 'tasks')).stdout
    const details = async (name: string) => (await house.reddog('status', '--service', name)).stdout

    it('run before the role and beside it, and what they ask for and do not get is told (S-21 to S-28)', async () => {
      const { code, stderr } = await house.reddog('deploy', service(house, 'tasks', whole), '--service', 'tasks')
      assert.equal(code, 0, stderr)
      assert.match(stderr, /warning: Startup tasks of role W ask to be administrator .*: setup\.sh\./)
      await until(async () => (await output()).includes('beside after setup'), 'the background task runs')
      assert.match(await output(), /^[^]*setup of W_IN_0\n[^]*the role runs/)
      assert.match(
        await output('WaHostBootstrapper'),
        /Startup Task type=0 [^\n]* cmd="setup\.sh" ended with exit code 0/,
      )
    })

    it('run again after a reboot, for whose stop the foreground task was waited for (S-26, S-27)', async () => {
      const { code, stderr } = await house.reddog('instance', 'reboot', 'W_IN_0', '--service', 'tasks')
      assert.equal(code, 0, stderr)
      await until(async () => (await output()).split('setup of W_IN_0').length > 2, 'the tasks have run again')
      await until(async () => (await output()).split('the role runs').length > 2, 'the role runs again')
      assert.equal((await output()).split('the last task has ended').length, 2)
      await until(() => house.processes('beside.sh').length === 1, 'one runs beside the role')
    })

    it('all end with the guest, though one ignores SIGTERM', async () => {
      const { code, stderr } = await house.reddog('delete', '--service', 'tasks')
      assert.equal(code, 0, stderr)
      await until(() => house.processes('beside.sh').length === 0, 'it runs no more')
    })

    it('of a plug-in come first, the role waits until its agent is there, and the agent runs on (P-2 to P-7, P-9)', async () => {
      const directory = service(
        house,
        'watched',
        { 'setup.sh': ['', 'echo setup'] },
        {
          defined: '<Imports><Import moduleName="WATCHER" /></Imports>',
          configured:
            '<ConfigurationSettings><Setting name="Example.Watcher.Level" value="high" /></ConfigurationSettings>',
        },
      )
      const [plugins, file] = [join(house.data, 'plugins'), join(house.data, 'watched.cspkg')]
      writePlugin(plugins)
      const packed = await house.reddog('pack', directory, '--plugins', plugins, '--out', file)
      assert.equal(packed.code, 0, packed.stderr)
      const configuration = join(directory, 'ServiceConfiguration.cscfg')
      const { code, stderr } = await house.reddog('deploy', file, configuration, '--service', 'watched')
      assert.equal(code, 0, stderr)
      const log = async (name: string) => (await house.reddog('logs', 'W_IN_0', name, '--service', 'watched')).stdout
      assert.match(
        await log('RoleOutput'),
        /Watcher of W_IN_0 in Watcher begins at high\n[^]*watches\n[^]*setup\n[^]*the role runs\n/,
      )
      assert.match(await log('WaHostBootstrapper'), /Startup Task type=2 rolemodule=Watcher cmd="agent\.sh"/)
      await until(() => house.processes('agent.sh').length === 1, 'the agent runs on')
      await house.reddog('delete', '--service', 'watched')
    })

    it('that fail are in the details with command and exit code (T-6, T-7)', async () => {
      const failing = service(house, 'failing', { 'setup.sh': ['', 'exit 42'] })
      await house.reddog('deploy', failing, '--service', 'failing', '--no-wait')
      await until(
        async () =>
          /startup task "setup\.sh" failed with exit code 42[^]* name - "setup\.sh" , exit code - 42/.test(
            await details('failing'),
          ),
        'status tells command and exit code',
      )
      await house.reddog('delete', '--service', 'failing')
    })

    it('that never end keep the instance Busy, and are named (S-25)', async () => {
      const endless = service(house, 'endless', { 'setup.sh': ['', 'while :; do sleep 0.1; done'] })
      await house.reddog('deploy', endless, '--service', 'endless', '--no-wait')
      await until(
        async () =>
          /BusyRole[^]*Application startup tasks are running: "setup\.sh" has not ended/.test(await details('endless')),
        'status names the task',
      )
      await house.reddog('delete', '--service', 'endless')
    })
  })
