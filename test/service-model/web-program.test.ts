import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitCommandLine, webProgram } from '../../src/service-model/command-line/web-program.ts'

/** Files of a package, by their paths from where the program is started. */
const files: Readonly<Record<string, string>> = {
  'App/server.js': '',
  'bin/App.exe': 'MZ',
  'bin/Other.exe': 'MZ',
  'bin/other': '\x7fELF',
  'run.sh': '#!/bin/sh\n',
  'Tools/python.exe': 'MZ',
  node: '#!/bin/sh\n',
}

function find(path: string) {
  const wanted = path.replace(/^\.\//, '').toLowerCase()
  const found = Object.entries(files).find(([name]) => name.toLowerCase() === wanted)
  return found && { path: found[0], head: () => found[1] }
}

const variables = { HTTP_PLATFORM_PORT: '4242', ProgramFiles: 'C:\\Program Files', ODD: 'a & b' }

/** What a file says is started, and what is started here, or why nothing is. */
const table: readonly (readonly [path: string, words: string, started: readonly string[] | RegExp])[] = [
  ['node.exe', '.\\app\\SERVER.js --port %http_platform_port%', ['node', 'App/server.js', '--port', '4242']],
  ['%ProgramFiles%\\nodejs\\node.exe', '', ['node']],
  ['"C:\\Python34\\python.exe"', '-m "a module" x^y', ['python3', '-m', 'a module', 'x^y']],
  ['Tools\\python.exe', '', ['python3']],
  ['dotnet', '.\\Shop.dll', ['dotnet', './Shop.dll']],
  ['C:\\Program Files\\dotnet\\dotnet.exe', '', ['dotnet']],
  ['.\\bin\\other.exe', '', ['bin/other']],
  ['run.sh', 'a&b >c %ODD%', ['./run.sh', 'a&b', '>c', 'a', '&', 'b']],
  ['java', '-jar x.jar', ['java', '-jar', 'x.jar']],
  [
    '.\\bin\\App.exe',
    '',
    /"\.\/bin\/App\.exe" is a program for Windows and cannot run here\. Put "App\.sh" or "App" beside it/,
  ],
  ['%LAUNCHER_PATH%', '%LAUNCHER_ARGS%', /^%LAUNCHER_PATH% is a placeholder/],
  ['', '', /^no program is named to be started/],
]

for (const [path, words, started] of table)
  test(`the web server is to start ${path} ${words}`, () => {
    const read = webProgram(path, words, { find, variables })
    if (started instanceof RegExp) assert.match(read.ok ? read.value.file : read.fault.message, started)
    else assert.deepEqual(read.ok ? [read.value.file, ...read.value.args] : read.fault.message, started)
  })

test('a command line is parted into its program and the words that follow', () => {
  assert.deepEqual(splitCommandLine('node.exe'), { path: 'node.exe', words: '' })
  assert.deepEqual(splitCommandLine(' "C:\\Program Files\\nodejs\\node.exe" --a "b c"'), {
    path: 'C:\\Program Files\\nodejs\\node.exe',
    words: '--a "b c"',
  })
  assert.deepEqual(splitCommandLine('C:\\Program Files (x86)\\nodejs\\node.exe --a'), {
    path: 'C:\\Program Files (x86)\\nodejs\\node.exe',
    words: '--a',
  })
  assert.deepEqual(splitCommandLine('node --harmony'), { path: 'node', words: '--harmony' })
})
