/** Whatever the system refuses when a program of a role is started has a cause in words: a row is files, a command line and the words. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fileFinder } from '../../src/machine/guest-os/find-file.ts'
import { startScript } from '../../src/machine/guest-os/role-program.ts'
import { shellScript } from '../../src/service-model/command-line.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reddog-failures-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

interface Row {
  readonly what: string
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly mode?: number
  readonly line: string
  readonly env?: Readonly<Record<string, string>>
  /** Its exit code, a signal, or nothing when it is not even started. */
  readonly ends?: number | string
  readonly cause: RegExp | undefined
  readonly output?: RegExp
}

/** The head of an ELF program of that machine, which needs that loader. */
function elf(machine: number, loader = ''): Buffer {
  const head = Buffer.alloc(256)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  head.writeUInt16LE(2, 16)
  head.writeUInt16LE(machine, 18)
  head.writeUInt32LE(1, 20)
  head.write(loader, 128)
  return head
}

const executable = 0o755
const own = { x64: 62, arm64: 183 }[process.arch as 'x64' | 'arm64']
const other = own === 62 ? 183 : 62

const rows: readonly Row[] = [
  {
    what: 'a program that nobody has',
    line: 'netsh advfirewall',
    ends: 127,
    cause: /^there is no program "netsh" in the package or on the PATH/,
  },
  { what: 'one of several', line: 'cd . & icacls x || exit 127', ends: 127, cause: /^there is no program "icacls"/ },
  { what: 'a path to nothing', line: '.\\bin\\tool', ends: 127, cause: /^there is no file "\.\/bin\/tool"/ },
  { what: 'a directory', files: { 'tool/x': '' }, line: 'tool', ends: 126, cause: /^"\.\/tool" is a directory/ },
  {
    what: 'a file that may not be executed',
    files: { tool: 'text' },
    mode: 0o644,
    line: 'tool',
    ends: 126,
    cause: /^"\.\/tool" may not be executed \(EACCES\): its mode is 0644\. Begin a script with/,
  },
  {
    what: 'an interpreter that is not there',
    files: { tool: '#!/usr/bin/perl7 -w\n' },
    mode: executable,
    line: 'tool',
    ends: 127,
    cause: /names the interpreter "\/usr\/bin\/perl7", which this machine has not/,
  },
  {
    what: 'one that env does not find',
    files: { tool: '#!/usr/bin/env php4\n' },
    mode: executable,
    line: 'tool',
    ends: 127,
    cause: /names the interpreter "php4", which is not on the PATH/,
  },
  {
    what: 'an interpreter that the ending asks for',
    files: { 'tool.py': 'print()' },
    line: 'tool.py',
    env: { PATH: '/nowhere' },
    ends: 127,
    cause: /^there is no program "python3"/,
  },
  {
    what: 'a shell script with CR LF',
    files: { 'tool.sh': '#!/bin/sh\r\nif [ "$1" = a ]; then\r\n  echo "ran $1 in $0"\r\nfi\r\n' },
    line: 'tool.cmd a',
    ends: 0,
    cause: undefined,
    output: /^ran a in \.\/tool\.sh\n$/,
  },
  {
    what: 'one without a first line',
    files: { 'tool.sh': 'echo ran\r\n' },
    line: 'tool.cmd',
    ends: 0,
    cause: undefined,
    output: /^ran\n$/,
  },
  {
    what: 'another script with CR LF',
    files: { 'tool.cjs': '#!/usr/bin/env node\r\nconsole.log("ran")\r\n' },
    mode: executable,
    line: 'tool.cjs',
    ends: 0,
    cause: undefined,
    output: /^ran\n$/,
  },
  {
    what: 'a program for another processor',
    files: { tool: elf(other) },
    mode: executable,
    line: 'tool',
    cause: /^"\.\/tool" was built for another processor \(ENOEXEC\): its machine number is/,
  },
  {
    what: 'a program whose loader is missing',
    files: { tool: elf(own, '/lib/ld-none-x.so.1') },
    mode: executable,
    line: 'tool',
    cause: /needs the loader "\/lib\/ld-none-x\.so\.1"/,
  },
  {
    what: 'a program for Windows without its ending',
    files: { tool: Buffer.from('MZ\0\x01\0') },
    mode: executable,
    line: 'tool',
    cause: /"\.\/tool" is a program for Windows/,
  },
  {
    what: 'no program at all',
    files: { tool: Buffer.from([0, 1, 2, 3, 0]) },
    mode: executable,
    line: 'tool',
    cause: /"\.\/tool" is no program of this system \(ENOEXEC\)/,
  },
  {
    what: 'a variable that is too large',
    line: 'true',
    env: { Large: 'x'.repeat(200_000) },
    cause: /\(E2BIG\): its environment has \d+ bytes .* The largest variable is Large with 200006; one may have 131071/,
  },
  {
    what: 'a line that is too large',
    line: `echo ${'x'.repeat(140_000)}`,
    cause: /\(E2BIG\): .*its command line 14\d{4}/,
  },
  {
    what: 'a program that is killed',
    line: 'sh -c "kill -9 $$"',
    ends: 'SIGKILL',
    cause: /another program ended it, or the system did, which had no memory left/,
  },
  {
    what: 'one in a line that is killed',
    line: 'cd . & sh -c "kill -9 $$"',
    ends: 137,
    cause: /its shell saw a program end by SIGKILL/,
  },
  {
    what: 'a Node whose heap is full',
    files: { 'fill.js': 'const all = []; for (;;) all.push({ one: [1, 2, 3] })' },
    line: 'node --max-old-space-size=20 fill.js',
    ends: 'SIGABRT',
    cause: /^it gave up by itself, as Node does when its heap is full$/,
    output: /JavaScript heap out of memory/,
  },
  {
    what: 'a Node that the system gives no memory',
    files: { 'tight.sh': 'ulimit -v 400000\nexec node -e 1\n' },
    line: 'tight.cmd',
    ends: 'SIGTRAP',
    cause: /^it stopped itself, as Node does when the system gives it no more memory$/,
    output: /out of memory/,
  },
  {
    what: 'a stand-in with CR LF that is larger than an argument may be',
    files: {
      'setup.sh': `#!/bin/sh\r\n${`# ${'x'.repeat(100)}\r\n`.repeat(3_000)}echo "$0 has $# arguments"\r\nexit 7\r\n`,
    },
    line: 'setup.cmd one two',
    ends: 7,
    cause: undefined,
    output: /^\.\/setup\.sh has 2 arguments\n$/,
  },
  { what: 'a program that fails by itself', line: 'sh -c "exit 3"', ends: 3, cause: undefined },
  { what: 'one that ends with 127 by itself', line: 'sh -c "exit 127"', ends: 127, cause: undefined },
]

describe('the system’s part in a failure', () => {
  for (const { what, files = {}, mode, line, env = {}, ends, cause, output } of rows)
    it(`${what}: ${line.slice(0, 40)}`, async () => {
      for (const [name, text] of Object.entries(files)) {
        const file = join(directory, name)
        mkdirSync(join(file, '..'), { recursive: true })
        writeFileSync(file, text)
        if (mode !== undefined) chmodSync(file, mode)
      }
      const log = join(directory, 'output')
      const made = shellScript(line, {}, fileFinder(directory, directory))
      assert.ok(made.ok, made.ok ? '' : made.fault.message)
      const surroundings = { cwd: directory, env: { PATH: process.env['PATH'] ?? '', ...env }, output: log }
      const started = startScript(made.value, surroundings)
      if (!started.ok) {
        assert.equal(ends, undefined, started.fault.message)
        assert.match(started.fault.message, cause as RegExp)
        return
      }
      const ended = await started.value.ended
      if (ends !== undefined) assert.equal(ended.code ?? ended.signal, ends)
      if (cause) assert.match(ended.cause ?? `no cause; exit code ${ended.code}`, cause)
      else assert.equal(ended.cause, undefined)
      if (output) assert.match(readFileSync(log, 'utf8'), output)
    })

  it('a directory that has gone', () => {
    const surroundings = { cwd: join(directory, 'gone'), env: {}, output: join(directory, 'output') }
    const started = startScript({ script: 'true', programs: [] }, surroundings)
    assert.ok(!started.ok)
    assert.match(started.fault.message, /^The system did not start it.*its directory .*gone is missing$/)
  })
})
