/** Batch files that ask for appcmd and for what the shell itself does: read here, and run with a stand-in for appcmd (I-53, design.md 6). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { fileFinder } from '../../src/machine/guest-os/find-file.ts'
import { shellScript } from '../../src/service-model/command-line.ts'

const root = mkdtempSync(join(tmpdir(), 'reddog-batch-'))
const cwd = join(root, 'approot/bin')
after(() => rmSync(root, { recursive: true }))
mkdirSync(join(root, 'path'), { recursive: true })
mkdirSync(cwd, { recursive: true })
// Says its words, and returns what follows RETURNS.
writeFileSync(
  join(root, 'path/appcmd'),
  '#!/bin/sh\necho "appcmd $*"\ncase "$*" in *RETURNS*) exit "${2#RETURNS}";; esac\n',
  { mode: 0o755 },
)
const variables = { CD: cwd, RoleRoot: root, TEMP: root, Key: 'a&b' }

function scriptOf(batch: string, commandLine = 'startup.cmd') {
  writeFileSync(join(cwd, 'startup.cmd'), batch.replaceAll('\n', '\r\n'))
  return shellScript(commandLine, variables, fileFinder(root, cwd))
}

function run(batch: string, commandLine?: string): { readonly code: number | null; readonly said: string } {
  const made = scriptOf(batch, commandLine)
  assert.ok(made.ok, made.ok ? '' : made.fault.message)
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', made.value.script], {
    cwd,
    encoding: 'utf8',
    env: { PATH: `${join(root, 'path')}:${process.env['PATH']}` },
  })
  return { code: status, said: stdout + stderr }
}

const appcmd = '%windir%\\system32\\inetsrv\\appcmd.exe'

const rows: readonly (readonly [why: string, batch: string, said: string, code?: number])[] = [
  [
    'runs its lines',
    `@echo off\nREM why\n${appcmd} list sites\n\n:: more\n@"${appcmd}" list apppools`,
    'appcmd list sites\nappcmd list apppools\n',
  ],
  [
    'returns what the last program has returned',
    `${appcmd} set RETURNS183\necho done`,
    'appcmd set RETURNS183\ndone\n',
    183,
  ],
  [
    'asks what was returned',
    `${appcmd} set RETURNS183\nif %ERRORLEVEL% EQU 183 exit /b 0\necho no`,
    'appcmd set RETURNS183\n',
  ],
  [
    'asks for at least',
    `${appcmd} set RETURNS5\nif errorlevel 6 echo no\nif errorlevel 5 exit /b %errorlevel%`,
    'appcmd set RETURNS5\n',
    5,
  ],
  ['forgets it', `${appcmd} set RETURNS183\nIF %ERRORLEVEL% EQU 183 VERIFY > NUL`, 'appcmd set RETURNS183\n'],
  [
    'jumps ahead, over groups of lines',
    `${appcmd} x RETURNS7\nIF %ERRORLEVEL% NEQ 0 (\n  ECHO failed with %ERRORLEVEL%\n  GOTO Exit\n)\necho no\nexit /b 0\n:Exit\necho end`,
    'appcmd x RETURNS7\nfailed with 7\nend\n',
    7,
  ],
  ['jumps back', `set N=1\ngoto more\n:once\nexit /b 4\n:more\n${appcmd} %N%\ngoto once`, 'appcmd 1\n', 4],
  ['has an else', `if "%EMULATED%"=="true" (\necho no\n) else (\n${appcmd} y\n)`, 'appcmd y\n'],
  ['leaves by goto :eof', `if not "%EMULATED%"=="true" goto :EOF\n${appcmd} x`, ''],
  ['knows where it stands, and its words', `cd /d "%~dp0"\n${appcmd} %1 "%~2" %3 %%`, 'appcmd one two three  %\n'],
  ['takes the signs of a value as they are', `${appcmd} %Key%`, 'appcmd a&b\n'],
  ['sets variables for what follows', `SET A=1\nset "B=%A%2"\n${appcmd} %A% %B% %C%.`, 'appcmd 1 12 .\n'],
  ['goes on behind a caret', `${appcmd} set ^\n  config`, 'appcmd set config\n'],
  [
    'joins',
    `${appcmd} x RETURNS3 || echo failed\n${appcmd} y && echo fine`,
    'appcmd x RETURNS3\nfailed\nappcmd y\nfine\n',
  ],
  [
    'leaves a shell in it',
    `call ${appcmd} x RETURNS3\ncmd /c "exit 4"\nif %errorlevel% == 4 exit /b 5`,
    'appcmd x RETURNS3\n',
    5,
  ],
]

describe('a batch file of appcmd', () => {
  for (const [why, batch, said, code = 0] of rows)
    it(why, () => assert.deepEqual(run(batch, 'startup.cmd one "two" "three "'), { code, said }))

  it('writes what it says where it is told', () => {
    const { code, said } = run(
      `${appcmd} list sites >> "%TEMP%\\Log.txt" 2>&1\nDATE /T > "%TEMP%\\Date.txt"`,
      'cmd /c startup.cmd > out.txt',
    )
    assert.deepEqual({ code, said }, { code: 0, said: '' })
    assert.equal(readFileSync(join(root, 'Log.txt'), 'utf8'), 'appcmd list sites\n')
    assert.notEqual(readFileSync(join(root, 'Date.txt'), 'utf8'), '')
  })

  const others: readonly (readonly [what: string, batch: string])[] = [
    ['another program', `${appcmd} x\nnpm install`],
    ['a command that is not known here', `${appcmd} x\ndel x`],
    ['a loop', `for /f %%i in ('${appcmd} list sites') do echo %%i`],
    ['a label that is not there', `${appcmd} x\ngoto gone`],
    ['a variable that is set on a condition', `${appcmd} x\nif errorlevel 1 set A=1\necho %A%`],
    ['itself', `${appcmd} x\ncall startup.cmd`],
    ['no appcmd', 'echo appcmd'],
    ['words that fill the memory', `${appcmd} ${'%*'.repeat(4_000)}`],
    ['groups without end', `${appcmd} x\n${'('.repeat(8_000)}`],
    ['wrappers without end', `${appcmd} x\n${'call '.repeat(1_500)}x`],
  ]
  for (const [what, batch] of others)
    it(`with ${what} is for wine or a stand-in`, () => {
      const made = scriptOf(batch, 'startup.cmd some words')
      assert.match(made.ok ? made.value.script : made.fault.message, /"startup\.cmd" is a program for Windows/)
    })

  it('whatever is in it, is read', () => {
    const part = fc.constantFrom(
      appcmd,
      'if',
      '(',
      ')',
      'else',
      '\n',
      ' ',
      '"',
      '%',
      '%errorlevel%',
      'goto',
      ':x',
      '&',
      '^',
      'set A=',
      'exit /b',
      'echo',
      '==',
      '%~dp0',
      '__proto__',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const made = scriptOf(parts.join(' '))
        if (!made.ok) return
        const { status } = spawnSync('/bin/sh', ['-n', '-c', made.value.script])
        assert.equal(status, 0, made.value.script)
      }),
      { numRuns: 200 },
    )
  })
})
