/** What of a package wine is asked to run, with which words (design.md 6); by-wine runs them for real in test/end-to-end/wine.test.ts. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { headText } from '../../src/machine/guest-os/head-text.ts'
import { inWindows } from '../../src/service-model/command-line/by-wine.ts'
import { hollowCommands } from '../../src/service-model/command-line/hollow-commands.ts'
import { whyNotByWine } from '../../src/service-model/command-line/windows-program.ts'
import { shellScript } from '../../src/service-model/command-line.ts'

const program = '/p/RunByWine'
const root = '/data/g'
const wine = { program, root }
const variables = {
  RoleRoot: `${root}/e`,
  TEMP: `${root}/c/Resources/temp`,
  PATH: `/node/bin:${root}/e/base/x64:${root}/e/base/x86:/usr/bin`,
  HOME: `${root}/c`,
  CD: `${root}/e/approot`,
  Key: 'a&b',
}

/** The beginning of a program for Windows. */
function windowsProgram({ machine = 0x8664, runtime = 0 } = {}): string {
  const bytes = Buffer.alloc(0x400)
  bytes.write('MZ\x90\xff\xfe', 'latin1')
  bytes.writeUInt32LE(0xf0, 0x3c)
  bytes.write('PE\0\0', 0xf0)
  bytes.writeUInt16LE(machine, 0xf0 + 4)
  bytes.writeUInt32LE(runtime, 0xf0 + 24 + 112 + 14 * 8)
  return headText(bytes)
}

const files: Readonly<Record<string, string>> = {
  'setup.cmd': 'npm install',
  'both.cmd': '',
  'both.sh': '#!/bin/sh',
  'setup_worker.cmd': '@echo off',
  'Tool.exe': windowsProgram(),
  'old.exe': windowsProgram({ machine: 0x14c }),
  'net.exe': windowsProgram({ runtime: 0x2008 }),
  'text.exe': 'no program',
  'do.ps1': '',
  'bin/it.bat': '',
}

function find(path: string) {
  const below = path.replace(/^\.\/|\/data\/g\/e\/approot\//, '').toLowerCase()
  const name = Object.keys(files).find((known) => known.toLowerCase() === below)
  return name === undefined ? undefined : { path: below === path ? name : path, head: () => files[name] ?? '' }
}

function scriptOf(commandLine: string, ...machine: readonly (typeof wine)[]): string {
  const made = shellScript(commandLine, variables, find, ...machine)
  return made.ok ? made.value.script : made.fault.message
}

const environment = `env RoleRoot=E: 'WaTemp=C:\\Resources\\temp' 'WINEPATH=E:\\base\\x64;E:\\base\\x86'`
const batch = (line: string) => `exec ${environment} 'WaCommandLine=${line}' ${program} ${root} cmd /c %WaCommandLine%`

const scripts: readonly (readonly [commandLine: string, script: string, why: string])[] = [
  ['both.cmd', 'exec ./both.sh', 'a stand-in comes first'],
  ['setup_worker.cmd', 'exec true', 'so does a recipe'],
  ['setup.cmd', batch('"setup.cmd"'), 'a batch file is its shell’s affair'],
  ['setup', batch('"setup.cmd"'), 'the ending may be missing'],
  [
    'cmd /c setup.cmd "a & b" c,d %Key% "%Key%" > log.txt',
    `${batch('"setup.cmd" "a & b" c,d a^&b "a&b"')} > log.txt`,
    'the line is left as it was written, redirections are not, and what stands in a value is no command',
  ],
  ['bin\\it.bat %RoleRoot%\\x', batch('"bin\\it.bat" E:\\x'), 'paths are called as they are there'],
  [
    'tool.exe "a b" %TEMP%\\x "c\\"d" \\s /q',
    `exec ${environment} ${program} ${root} Tool.exe 'a b' 'C:\\Resources\\temp\\x' 'c"d' '\\s' /q`,
    'a program gets its words',
  ],
  [
    '%RoleRoot%\\approot\\tool.exe',
    `exec ${environment} ${program} ${root} 'E:\\approot\\tool.exe'`,
    'by the role root',
  ],
]

describe('wine', () => {
  for (const [commandLine, script, why] of scripts)
    it(`${commandLine}: ${why}`, () => assert.equal(scriptOf(commandLine, wine), script))

  const refusals: readonly (readonly [commandLine: string, said: RegExp])[] = [
    ['old.exe', /does not run it either: it was built for another processor than x64, or as most of \.NET for any\.$/],
    ['net.exe', /does not run it either: it is for \.NET\.$/],
    ['text.exe', /does not run it either: it begins like no program\.$/],
    ['powershell .\\do.ps1', /does not run it either: it has no PowerShell and is not asked for scripts\.$/],
    ['gone.exe', /or deploy with --overlay and a directory or ZIP that holds it\.$/],
    ['%windir%\\system32\\reg.exe', /or deploy with --overlay and a directory or ZIP that holds it\.$/],
  ]
  for (const [commandLine, said] of refusals)
    it(`is not asked for ${commandLine}`, () => {
      assert.match(scriptOf(commandLine, wine), said)
      assert.match(scriptOf(commandLine), said)
    })

  for (const commandLine of ['setup.cmd', 'tool.exe x'])
    it(`is named where it would run ${commandLine} and the machine has none`, () =>
      assert.match(scriptOf(commandLine), /cannot run here\. .* It would be run by Debian's wine, .*apt-get install/))

  it('is told real paths as they are called there', () => {
    const text = `${root}/e/a/b;${root}/c "${root}/f/x y" ${root}/g/a ${root}/cc /other/e/a`
    assert.equal(inWindows(text, root), `E:\\a\\b;C: "F:\\x y" ${root}/g/a ${root}/cc /other/e/a`)
  })

  it('reads no further than a file goes', () => {
    const whole = windowsProgram()
    for (let length = 0; length < whole.length; length += 1)
      assert.match(whyNotByWine('x.exe', whole.slice(0, length)) ?? 'it', /^it/)
  })
})

describe('what wine has by name alone', () => {
  const rows: readonly (readonly [text: string, found: readonly string[]])[] = [
    ['npm install\r\nnode x', []],
    ['@PowerShell -File x.ps1\r\n"%windir%\\system32\\icacls.exe" . /grant x:F', ['icacls', 'powershell']],
    ['rem powershell\r\n:: netsh\r\necho shutdown now\r\nset powershell_home=1', []],
    ['if errorlevel 1 (net stop x) & netsh.exe advfirewall', ['net', 'netsh']],
  ]
  for (const [text, found] of rows) it(JSON.stringify(text), () => assert.deepEqual(hollowCommands(text), found))
})
