/**
 * Processor time of many small files, beside a peer in the same run: `node bench/pack.ts [FILES]`. `reddog pack` beside `zip -r`,
 * the reading of the package by the fabric (verified) and by a host (unpacked) beside `unzip`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPackageLimits } from '../src/machine/package/limits.ts'

const files = Number(process.argv[2] ?? 10_000)
/** Files of a directory, as packages of npm have them. */
const filesOfDirectory = 50
const root = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
const at = (...path: readonly string[]) => join(root, ...path)
const bundle = (name: string) => join(import.meta.dirname, '../dist', name)

/** Node does not tell the processor time of a child; bash does. */
const timed = 'TIMEFORMAT="%U %S"; time "$@"'

makeService()
console.log(`${files} files of 0.2 to 4.2 kB; processor time, and time by the clock`)
const limits = JSON.stringify(defaultPackageLimits)
const rows = [
  ['reddog pack', 'node', bundle('reddog.mjs'), 'pack', root, '--out', at('many.cspkg')],
  ['zip -r', 'zip', '-qr', at('many.zip'), 'Many'],
  ['fabric: verify', 'node', bundle('package-reader.mjs'), at('many.cspkg'), at('verified'), limits, 'verify'],
  ['host: unpack', 'node', bundle('package-reader.mjs'), at('many.cspkg'), at('unpacked'), limits],
  ['unzip', 'unzip', '-q', '-d', at('unzipped'), at('many.zip')],
] as const
for (const [name, command, ...words] of rows) measure(name, command, words)
rmSync(root, { recursive: true })

function makeService(): void {
  for (const directory of ['Many', 'verified', 'unpacked']) mkdirSync(at(directory))
  const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition'
  const entry =
    '<Runtime><EntryPoint><ProgramEntryPoint commandLine="run.sh" setReadyOnProcessStart="true"/></EntryPoint></Runtime>'
  const definition = `<ServiceDefinition name="Many" xmlns="${namespace}"><WorkerRole name="Many">${entry}</WorkerRole></ServiceDefinition>`
  writeFileSync(at('ServiceDefinition.csdef'), definition)
  for (let number = 0; number < files; number++) {
    const directory = at('Many', `p${Math.floor(number / filesOfDirectory)}`)
    if (number % filesOfDirectory === 0) mkdirSync(directory)
    const line = (at: number) => `const a${(number * 7919 + at * 104_729) % 1_000_003} = require('./x${at % 99}')\n`
    writeFileSync(
      join(directory, `f${number}.js`),
      Array.from({ length: 5 + (number % 100) }, (_, at) => line(at)).join(''),
    )
  }
}

function measure(name: string, command: string, words: readonly string[]): void {
  const began = performance.now()
  const program = command === 'node' ? process.execPath : command
  const ran = spawnSync('/bin/bash', ['-c', timed, 'bench', program, ...words], { cwd: root })
  const [user = 0, system = 0] = ran.stderr.toString().trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  const wall = (performance.now() - began) / 1_000
  const said = ran.status === 0 ? '' : ` ended with ${ran.status}: ${ran.stderr.toString()}`
  console.log(`${name.padEnd(16)} ${(user + system).toFixed(2)} s  ${wall.toFixed(2)} s${said}`)
}
