/**
 * Batch files and programs for Windows as their user meets them. Only on a machine with wine is there anything to test here; the continuous
 * integration has none, for its installation takes a minute (CONTRIBUTING.md).
 */
import assert from 'node:assert/strict'
import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { hasWine } from '../../src/machine/guest-os/wine.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { makeHouse } from './house.ts'

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

/** The worker role `W`. Its program is wine's own `cmd.exe`: a program for x64 that every machine with wine has. */
function write(directory: string): void {
  const batch = (name: string, ...lines: readonly string[]) =>
    writeFileSync(join(directory, 'W', name), ['@echo off', ...lines, ''].join('\r\n'))
  mkdirSync(join(directory, 'W'), { recursive: true })
  batch('beside.cmd', 'echo beside', ':again', 'ping -n 2 127.0.0.1 >nul', 'goto again')
  batch('once.cmd', 'if exist C:\\tried exit /b 0', 'echo tried > C:\\tried', 'exit /b 3')
  batch('setup.cmd', 'echo setup %* in %CD% of %RoleRoot%', 'echo %TEMP% and %Level%', 'echo x > "%TEMP%\\setup.txt"')
  batch(
    'serve.cmd',
    'if exist "%TEMP%\\setup.txt" echo the role runs %1',
    ':again',
    'ping -n 2 127.0.0.1 >nul',
    'goto again',
  )
  const [shell = ''] = globSync('/usr/lib/*/wine/x86_64-windows/cmd.exe')
  copyFileSync(shell, join(directory, 'W', 'serve.exe'))
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Windows" xmlns="${schema}/ServiceDefinition"><WorkerRole name="W" vmsize="ExtraSmall">
      <Startup>
        <Task commandLine="beside.cmd" taskType="background" />
        <Task commandLine="once.cmd" />
        <Task commandLine="SETUP.cmd &quot;a &amp; b&quot; %RoleRoot%\\approot &gt; said.txt"><Environment><Variable name="Level" value="%RoleRoot%\\x" /></Environment></Task>
        <Task commandLine="type said.txt" />
      </Startup>
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="serve.exe /c serve.cmd one" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
  )
  writeFileSync(
    join(directory, 'ServiceConfiguration.cscfg'),
    `<ServiceConfiguration serviceName="Windows" xmlns="${schema}/ServiceConfiguration"><Role name="W"><Instances count="1" /></Role></ServiceConfiguration>`,
  )
}

for (const { isolation, skip } of rungs)
  if (skip === false && hasWine())
    describe(`programs for Windows in the ${isolation} driver`, () => {
      const house = makeHouse(['--isolation', isolation, '--timer', 'settleTime=300ms'])
      before(() => house.up())
      after(() => house.dispose())
      const output = async (name: string) => (await house.reddog('logs', 'W_IN_0', name, '--service', 'windows')).stdout

      it('run by wine with the variables, directories and arguments that they had there, and hand their exit code on', async () => {
        const directory = join(house.data, 'service')
        write(directory)
        const { code, stderr } = await house.reddog('deploy', directory, '--service', 'windows')
        assert.equal(code, 0, stderr)
        assert.match(stderr, /^W startup task "once\.cmd" runs by wine: /m)
        assert.match(await output('Windows Azure'), /task "once\.cmd" failed with exit code 3/)
        await until(async () => (await output('RoleOutput')).includes('the role runs one'), 'the role runs')
        const said = (await output('RoleOutput')).replaceAll('\r', '')
        assert.match(said, /^setup "a & b" E:\\approot {1,2}in E:\\approot of E: *$/m)
        assert.match(said, /^C:\\Resources\\temp\\\w+\.W\\RoleTemp and E:\\x *$/m)
        assert.match(said, /^beside *$/m)
      })

      it('leave nothing running when their instance is deleted', async () => {
        assert.ok(house.processes('wineserver64').length > 0)
        const { code, stderr } = await house.reddog('delete', '--service', 'windows')
        assert.equal(code, 0, stderr)
        await until(() => house.processes('wineserver64').length === 0, 'wine has ended')
        assert.deepEqual(house.processes('serve.exe'), [])
      })
    })
