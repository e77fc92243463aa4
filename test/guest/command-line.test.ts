/** Command lines written for the command shell of the original (design.md 6, S-29), as scripts of this one. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { shellScript } from '../../src/guest/startup-tasks/command-line.ts'

const variables = { RoleRoot: '/guest/e', PORT: '8080', Connection: 'Key=a;b$c "d"', Two: 'one two' }

/** Files of approot by their real names, with their text. */
const files: Readonly<Record<string, string>> = {
  'Setup.sh': '#!/bin/sh',
  'plain.sh': 'echo',
  'Tool.cmd': 'nothing that is known',
  'install.exe': 'MZ',
  install: '#!/bin/sh',
  'bin/Run.js': 'run()',
  'server.js': '',
  'setup_worker.cmd':
    '@echo off\r\nicacls . /grant "Users":(OI)(CI)F\r\nif "%EMULATED%"=="true" exit /b 0\r\npowershell .\\download.ps1\r\n:error\r\nexit /b -1',
  'setup_web.cmd': '@echo off\r\nnpm install\r\n',
}

function find(path: string) {
  const wanted = path.replace(/^\.\//, '').toLowerCase()
  const name = Object.keys(files).find((known) => known.toLowerCase() === wanted)
  if (name === undefined) return undefined
  const same = name === path.replace(/^\.\//, '')
  return { path: same ? path : name, head: () => files[name] as string }
}

const scripts: readonly (readonly [commandLine: string, script: string, why: string])[] = [
  ['node.cmd .\\server.js', 'exec node ./server.js', 'the machine has a Node, \\ is /'],
  ['"C:\\Program Files\\nodejs\\node.exe" server.js', 'exec node server.js', 'wherever Node was there'],
  ['setup.cmd > log.txt', 'exec ./Setup.sh > log.txt', 'a script of the same name stands in, case ignored'],
  ['setup 1<&2 >> log.txt', 'exec ./Setup.sh 1<&2 >> log.txt', 'the ending may be missing'],
  ['plain.sh', 'exec sh ./plain.sh', 'a script without #! runs in sh'],
  ['bin\\run.js x', 'exec node bin/Run.js x', 'a module runs in Node'],
  ['install.exe', 'exec ./install', 'the same name without ending stands in'],
  ['setup_worker.cmd 1<&2 >> log.txt', 'exec true 1<&2 >> log.txt', 'the Node installer of the SDK has nothing to do'],
  ['cmd /c setup.cmd', 'exec ./Setup.sh', 'the shell in front is this shell'],
  ['echo %port% > nul', 'exec echo 8080 > /dev/null', 'variables ignore case; nul is nothing'],
  ['echo %NOPE% %Two%', 'exec echo %NOPE% one two', 'an unknown variable stays, spaces part words'],
  ['cd bin && echo a & echo b', 'cd bin && echo a ; echo b', 'a single & parts commands'],
  ['java -jar SERVER.JS', 'exec java -jar server.js', 'names of files are mended'],
  [`sh -c 'echo "$X"; exit 3'`, `exec sh -c 'echo "$X"; exit 3'`, 'single quotes are the shell’s'],
]

describe('a command line', () => {
  for (const [commandLine, script, why] of scripts)
    it(`${commandLine} → ${script}: ${why}`, () => {
      assert.deepEqual(shellScript(commandLine, variables, find), { ok: true, value: script })
    })

  it('gets the value of a variable as it is, whatever signs are in it', () => {
    const script = shellScript('echo "%Connection%" x%Connection%', variables, () => undefined)
    assert.ok(script.ok)
    const printed = execFileSync('/bin/sh', ['-c', script.value], { encoding: 'utf8' })
    assert.equal(printed, 'Key=a;b$c "d" xKey=a;b$c "d"\n')
  })

  for (const commandLine of ['Tool.cmd', 'tool', 'missing.exe /x', 'setup_web.cmd'])
    it(`${commandLine} is refused: only Windows can run it`, () => {
      const script = shellScript(commandLine, variables, find)
      assert.ok(!script.ok)
      assert.match(script.fault.message, /is a program for Windows and cannot run here\. Put ".*\.sh" or .*--overlay/)
    })
})
