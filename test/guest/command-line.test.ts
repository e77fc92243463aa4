/** Command lines written for the command shell of the original (design.md 6, S-29), as scripts of this one. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { after, before, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { fileFinder } from '../../src/machine/guest-os/find-file.ts'
import { shellScript } from '../../src/service-model/command-line.ts'

const variables = {
  RoleRoot: '/guest/e',
  PORT: '8080',
  Connection: 'Key=a;b$c "d"',
  Url: 'http://x/?a=1&b=2|c>d^(e)%PORT%',
  Two: 'one two',
  TEMP: '/guest/temp',
}

/** Files of approot by their real names, with their text. */
const files: Readonly<Record<string, string>> = {
  'Setup.sh': '#!/bin/sh',
  'plain.sh': 'echo',
  'crlf.sh': '#!/bin/bash\r\necho one\r\n',
  'crlf-plain.sh': 'echo one\r\n',
  'crlf.py': '#!/usr/bin/env python3\r\nprint(1)\r\n',
  'Tool.cmd': 'nothing that is known',
  'install.exe': 'MZ',
  install: '#!/bin/sh',
  'bin/Run.js': 'run()',
  'bin/ps.sh': '#!/bin/sh',
  'scripts/warm.sh': '#!/bin/sh',
  'server.js': '',
  'setup_worker.cmd':
    '@echo off\r\nicacls . /grant "Users":(OI)(CI)F\r\nif "%EMULATED%"=="true" exit /b 0\r\npowershell .\\download.ps1\r\n:error\r\nexit /b -1',
  'sdk/setup_web.cmd':
    'if "%EMULATED%"=="true" if DEFINED APPCMD goto emulator\r\nicacls ..\\ /grant "Network Service":W\r\npowershell .\\download.ps1\r\nexit /b 0\r\n:emulator\r\nFOR /F "tokens=1,2 delims=/" %%a in ("%APPCMD%") DO set FN=%%a\r\nif "%FN%"=="x" (\r\n  echo "no"\r\n  goto error\r\n)\r\n%appcmd% install module /name:"iisnode"\r\n',
  'site/bin/setup_web.cmd':
    '@echo on\r\ncd /d "%~dp0"\r\nif "%EMULATED%"== "true" exit /b 0\r\nicacls ..\\ /grant "Network Service":(OI)(CI)W\r\necho Copying web.cloud.config to web.config...\r\ncopy /y ..\\Web.cloud.config ..\\Web.config\r\nif %ERRORLEVEL% neq 0 goto error\r\npowershell .\\download.ps1 x\r\nexit /b 0\r\n:error\r\nexit /b -1',
  'site/WEB.cloud.config': '<configuration/>',
  'site/web.config': '',
  'setup_web.cmd': '@echo off\r\nnpm install\r\n',
}

function find(path: string) {
  const wanted = posix.normalize(path).toLowerCase()
  const name = Object.keys(files).find((known) => known.toLowerCase() === wanted)
  if (name === undefined) return undefined
  const same = name === path.replace(/^\.\//, '')
  return { path: same ? path : name, head: () => files[name] as string }
}

const crlf = (shell: string, file: string) => `exec ${shell} -c 'eval "$(tr -d "\\r" < "$0")"' ${file}`

const scripts: readonly (readonly [commandLine: string, script: string, why: string])[] = [
  ['node.cmd .\\server.js', 'exec node ./server.js', 'the machine has a Node, \\ is /'],
  ['"C:\\Program Files\\nodejs\\node.exe" server.js', 'exec node server.js', 'wherever Node was there'],
  ['setup.cmd > log.txt', 'exec ./Setup.sh > log.txt', 'a script of the same name stands in, case ignored'],
  ['setup 1<&2 >> log.txt', 'exec ./Setup.sh 1<&2 >> log.txt', 'the ending may be missing'],
  ['> log.txt 2>&1 setup.cmd one', 'exec ./Setup.sh one > log.txt 2>&1', 'redirections may stand anywhere'],
  [
    'setup.cmd one>>"%TEMP%\\a b" two',
    "exec ./Setup.sh one two >> '/guest/temp/a b'",
    'in the middle and in quotes too',
  ],
  ['setup.cmd x2>log', 'exec ./Setup.sh x2 > log', 'a number within a word is none of a redirection'],
  ['plain.sh', 'exec sh ./plain.sh', 'a script without #! runs in sh'],
  ['crlf.sh a', `${crlf('/bin/bash', './crlf.sh')} a`, 'one with CR LF is read without the CR'],
  ['crlf-plain.cmd', crlf('sh', './crlf-plain.sh'), 'one without #! too'],
  ['crlf.py', 'exec /usr/bin/env python3 ./crlf.py', 'an interpreter that knows CR LF is named'],
  ['bin\\run.js x', 'exec node bin/Run.js x', 'a module runs in Node'],
  ['install.exe', 'exec ./install', 'the same name without ending stands in'],
  [
    '%windir%\\system32\\install.exe /q',
    'exec ./install /q',
    'for a program outside of the package, where the command runs',
  ],
  ['C:\\Tools\\Setup.cmd', 'exec ./Setup.sh', 'on a drive too'],
  ['setup_worker.cmd 1<&2 >> log.txt', 'exec true 1<&2 >> log.txt', 'the Node installer of the SDK has nothing to do'],
  ['sdk\\setup_web.cmd', 'exec true', 'with a part for the emulator too'],
  [
    'site\\bin\\setup_web.cmd > log.txt',
    `exec sh -c 'cp "$1" "$2"' sh site/WEB.cloud.config site/web.config > log.txt`,
    'that of a web role has the configuration for the cloud take the place of the other (I-43)',
  ],
  ['setup.cmd a=b,c;d "e=f"', 'exec ./Setup.sh a b c d e=f', 'a batch file gets its arguments parted'],
  ['install.exe a=b,c;d', "exec ./install 'a=b,c;d'", 'a program does not'],
  // The tool of the web server (I-53).
  [
    '%windir%\\system32\\inetsrv\\AppCmd.exe set config -section:applicationPools -applicationPoolDefaults.processModel.idleTimeout:00:00:00 >> "%TEMP%\\log.txt" 2>&1',
    'exec appcmd set config -section:applicationPools -applicationPoolDefaults.processModel.idleTimeout:00:00:00 >> /guest/temp/log.txt 2>&1',
    'our appcmd, wherever that of Windows is',
  ],
  [
    `"%SystemRoot%\\system32\\inetsrv\\appcmd" set config /section:fastCGI /+"[fullPath='D:\\php\\php-cgi.exe',arguments='-c %RoleRoot%\\a']"`,
    `exec appcmd set config /section:fastCGI '/+[fullPath='\\''D:\\php\\php-cgi.exe'\\'',arguments='\\''-c /guest/e\\a'\\'']'`,
    'its words are its own affair, \\ included',
  ],
  [
    'appcmd add site /name:x /physicalPath:C:\\Server.js',
    "exec appcmd add site /name:x '/physicalPath:C:\\Server.js'",
    'no file is looked for',
  ],
  // What only runs another.
  ['cmd /c setup.cmd', 'exec ./Setup.sh', 'the shell in front is this shell'],
  ['CMD.EXE /q /s /c "setup.cmd one"', 'exec ./Setup.sh one', 'with switches, and quotes around the line'],
  ['%ComSpec% /c ""setup.cmd" "one two""', "exec ./Setup.sh 'one two'", 'of many quotes the first and the last go'],
  ['cmd /c "setup.cmd > a" > b', 'exec ./Setup.sh > b > a', 'redirections of both shells'],
  ['cmd /c "cd bin & setup.cmd"', 'cd bin; (exec ./Setup.sh)', 'a line in a line'],
  ['call setup.cmd', 'exec ./Setup.sh', 'call is what one line does anyway'],
  ['start /w setup.cmd one', 'exec ./Setup.sh one', 'start that waits'],
  ['start "a title" /wait /b "setup.cmd" one', 'exec ./Setup.sh one', 'with a title'],
  ['start setup.cmd', '(exec ./Setup.sh) & :', 'start that does not wait'],
  ['start setup.cmd && run.js', '{ (exec ./Setup.sh) & :; } && (exec run.js)', 'the rest of the line goes on'],
  ['start /d bin /w run.js', 'cd bin && (exec run.js)', 'start in a directory'],
  [
    'powershell -ExecutionPolicy Unrestricted .\\setup.ps1 >> "%TEMP%\\x" 2>&1',
    'exec ./Setup.sh >> /guest/temp/x 2>&1',
    'a script for PowerShell has a stand-in',
  ],
  ['PowerShell.exe -nop -ep Bypass -File "scripts\\warm.ps1" -Times 3', 'exec scripts/warm.sh -Times 3', '-File'],
  [
    'powershell -command "& \'.\\setup.ps1\' one; exit $LASTEXITCODE"',
    'exec ./Setup.sh one',
    '-Command that only names one',
  ],
  ['powershell -Command "& { .\\setup.ps1 }"', 'exec ./Setup.sh', 'in braces'],
  ['cscript //nologo setup.vbs one', 'exec ./Setup.sh one', 'a script for the script host'],
  ['bin\\ps.cmd LaunchWorker.ps1', 'exec bin/ps.sh LaunchWorker.ps1', 'an argument is an argument'],
  // The shell's own.
  ['echo %port% > nul', "printf '%s\\n' 8080 > /dev/null", 'variables ignore case; nul is nothing'],
  ['echo %NOPE% %Two%', "printf '%s\\n' '%NOPE% one two'", 'an unknown variable stays'],
  ['echo "a" $b', `printf '%s\\n' '"a" $b'`, 'echo prints what stands there'],
  [
    'cd /d %RoleRoot%\\approot && setup.cmd',
    'cd /guest/e/approot && (exec ./Setup.sh)',
    'a directory for the rest of the line',
  ],
  ['cd bin && echo a & echo b', "{ cd bin && printf '%s\\n' a; }; printf '%s\\n' b", 'a single & parts commands'],
  ['setup.cmd || exit /b 0', '(exec ./Setup.sh) || exit 0', 'the exit code of the line'],
  ['a || b && c', '(exec a) || { (exec b) && (exec c); }', '&& is stronger than ||'],
  ['(setup.cmd & install.exe) > log', '{ (exec ./Setup.sh); (exec ./install); } > log', 'a group with a redirection'],
  ['set X=1 & setup.cmd', 'export X=1; (exec ./Setup.sh)', 'a variable for the rest of the line'],
  ['set "PATH=%RoleRoot%;b"', 'export PATH=/guest/e:b', 'PATH is parted by colons'],
  ['if exist setup.sh setup.cmd', 'if [ -e Setup.sh ]; then (exec ./Setup.sh); fi', 'if exist'],
  [
    'if not "%PORT%"=="80" (setup.cmd) else exit 3',
    'if ! false; then (exec ./Setup.sh); else exit 3; fi',
    'if with else',
  ],
  [
    'if 9 lss 10 if "a" NEQ "b" setup.cmd',
    'if true; then if true; then (exec ./Setup.sh); fi; fi',
    'numbers by their size',
  ],
  ['@setup.cmd & rem done & more', 'exec ./Setup.sh', '@ and remarks'],
  ['type server.js | install.exe', 'cat server.js | (exec ./install)', 'a pipe'],
  // What means something here and nothing there.
  ['java -jar SERVER.JS', 'exec java -jar server.js', 'names of files are mended'],
  [
    "install.exe $HOME `id` *.txt ~ 'a b' #c {d,e} !f",
    "exec ./install '$HOME' '`id`' '*.txt' '~' ''\\''a' 'b'\\''' '#c' '{d,e}' '!f'",
    'signs of this shell are literal',
  ],
  [
    'install.exe a^&b "c^d" ^"e f^"',
    "exec ./install 'a&b' 'c^d' 'e f'",
    'a caret takes the next sign out of the shell’s hands, but in quotes',
  ],
  ['install.exe "a \\"b\\" c" d\\\\ "\\d+|x"', `exec ./install 'a "b" c' d// '\\d+|x'`, 'quotes in quotes'],
  ['sh -c "echo $X; exit 3"', "exec sh -c 'echo $X; exit 3'", 'a script for sh is an argument'],
  ['while', 'exec while', 'a word of this shell is a name'],
  ['install.exe %Url%', "exec ./install 'http://x/?a=1&b=2|c>d^(e)%PORT%'", 'what stands in a value is no command'],
]

describe('a command line', () => {
  for (const [commandLine, script, why] of scripts)
    it(`${commandLine} → ${script}: ${why}`, () => {
      const made = shellScript(commandLine, variables, find)
      assert.equal(made.ok ? made.value.script : made.fault.message, script)
    })

  it('gets the value of a variable as it is, whatever signs are in it', () => {
    const made = shellScript('echo "%Connection%" x%Connection%', variables, () => undefined)
    assert.ok(made.ok)
    const printed = execFileSync('/bin/sh', ['-c', made.value.script], { encoding: 'utf8' })
    assert.equal(printed, '"Key=a;b$c "d"" xKey=a;b$c "d"\n')
  })

  it('gets parts of values and changed ones', () => {
    const made = shellScript('echo %PORT:~0,2% %PORT:80=9% %Two:~-3% %PORT:?%', variables, () => undefined)
    assert.equal(made.ok && made.value.script, "printf '%s\\n' '80 99 two %PORT:?%'")
  })

  for (const commandLine of [
    'Tool.cmd',
    'tool',
    'missing.exe /x',
    'setup_web.cmd',
    'powershell .\\gone.ps1',
    'cscript gone.js',
  ])
    it(`${commandLine} is refused: only Windows can run it`, () => {
      const script = shellScript(commandLine, variables, find)
      assert.ok(!script.ok)
      assert.match(script.fault.message, /is a program for Windows and cannot run here\. Put ".*\.sh" or .*--overlay/)
    })

  const refusals: readonly (readonly [commandLine: string, named: RegExp])[] = [
    ['for %i in (a b) do echo %i', /"for" is a command of the Windows command shell/],
    ['copy a b', /"copy" is a command/],
    ['cd bin & DEL /q x', /"del" is a command/],
    ['goto end', /"goto" is a command/],
    ['call :label', /"call :label" jumps within a batch file/],
    ['cmd setup.cmd', /"cmd setup\.cmd" does not say with \/c/],
    ['cmd /v:on /c echo !x!', /expands !variables! late/],
    ['start /affinity 1 setup.cmd', /"start" with \/affinity is not known/],
    ['start', /"start" names no program/],
    ['powershell -Command "Get-Service | Out-File x"', /"Get-Service \| Out-File x" is not just a script/],
    ['powershell -EncodedCommand abc', /"-EncodedCommand" is not just a script/],
    ['set /a x=1', /"set \/a x=1" is more than the setting of a variable/],
    ['a && & b', /there is no command/],
    ['& a', /no command before "&"/],
    ['a ||', /no command behind "\|\|"/],
    ['(a & b', /a parenthesis is not closed/],
    ['a >', /">" names no file/],
    ['('.repeat(8_000), /more than 50 groups and conditions/],
    ['if a==a '.repeat(1_000), /more than 50 groups and conditions/],
    [`${'cmd /c '.repeat(1_000)}x`, /more than 20 programs that only run another/],
  ]
  for (const [commandLine, named] of refusals)
    it(`${commandLine} is refused by a sentence that names it`, () => {
      const script = shellScript(commandLine, variables, find)
      assert.ok(!script.ok)
      assert.match(script.fault.message, named)
    })
})

describe('a program', () => {
  let directory: string
  const program = 'arguments.sh'

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'reddog-arguments-'))
    writeFileSync(join(directory, program), '#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done', { mode: 0o755 })
  })
  after(() => rmSync(directory, { recursive: true }))

  function argumentsOf(commandLine: string): readonly string[] {
    const made = shellScript(commandLine, {}, fileFinder(directory, directory))
    assert.ok(made.ok, made.ok ? '' : made.fault.message)
    const options = { cwd: directory, encoding: 'utf8' } as const
    return execFileSync('/bin/sh', ['-c', made.value.script], options).split('\0').slice(0, -1)
  }

  /** As a program of the original reads it back (the rules of its C runtime). */
  const quotedForProgram = (argument: string) =>
    `"${argument.replace(/(\\*)("|$)/g, (_, run: string, end) => run + run + (end && '\\"'))}"`
  /** The shell takes every sign as it is. */
  const quotedForShell = (text: string) => text.replace(/[()!^"<>&|]/g, '^$&')

  const sign = fc.constantFrom(...Array.from(` "'\\$\`*?~;&|<>^()!#{}[]=,+-/.:@abC1é€😀`))
  // A % may name a variable, and every line is one line; \\ between signs of paths alone is a path's.
  const argument = fc.string({ unit: sign, maxLength: 12 }).map((text) => (/\\/.test(text) ? `${text}*` : text))

  it('gets exactly the arguments that one on Windows would, whatever signs are in them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(argument, { maxLength: 4 }), { minLength: 1, maxLength: 4 }), (lines) => {
        for (const words of lines) {
          const line = `${program} ${quotedForShell(words.map(quotedForProgram).join(' '))}`
          assert.deepEqual(argumentsOf(line), words, line)
        }
      }),
      { numRuns: 60 },
    )
  })
})

const corpus = join(import.meta.dirname, '../../../shared/samples/corpus')

describe('command lines of real definitions', {
  skip: !existsSync(corpus) && 'needs the corpus of real definitions, ../shared/samples/corpus',
}, () => {
  const lines = existsSync(corpus)
    ? readdirSync(corpus, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.csdef'))
        .flatMap((file) => [...readFileSync(join(corpus, file), 'utf8').matchAll(/commandLine="([^"]*)"/g)])
        .map(([, line = '']) => line.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'))
    : []

  it('are all read, and run when their stand-ins are there', () => {
    assert.ok(lines.length > 0)
    for (const line of new Set(lines)) {
      const made = shellScript(line, variables, (path) =>
        path.endsWith('.sh') ? { path, head: () => '#!/bin/sh' } : undefined,
      )
      assert.ok(made.ok, `${line}: ${made.ok ? '' : made.fault.message}`)
      execFileSync('/bin/sh', ['-n', '-c', made.value.script])
    }
  })
})
