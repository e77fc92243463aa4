import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { noSuchProgram, whyNotInterpreted } from '../../service-model/command-line/why-not-interpreted.ts'

/** Machines of ELF programs that this system runs. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 }

/** Enough of a file for its first line, and for the headers of an ELF program. */
const headBytes = 4096

interface Place {
  readonly cwd: string
  readonly path: string
}

/**
 * Why the system does not run a program, as a clause; undefined when there is no obstacle. Used when a shell has ended without
 * running it, because the shell returns only a number.
 */
export function whyNotRun(program: string, { cwd, path }: Place): string | undefined {
  const file = program.includes('/') ? resolve(cwd, program) : onPath(program, path)
  if (file === undefined) return noSuchProgram(program)
  const facts = statSync(file, { throwIfNoEntry: false })
  if (!facts) return `there is no file "${program}"`
  if (facts.isDirectory()) return `"${program}" is a directory`
  if (!may(file, constants.X_OK)) return whyNotExecutable(program, file, facts.mode)
  const head = headOf(file)
  const text = head.toString('latin1')
  if (text.startsWith('#!')) return whyNotInterpreted(program, text, (name) => has(name, path))
  if (text.startsWith('\x7fELF')) return whyNotLoaded(program, head)
  if (text.startsWith('MZ')) return `"${program}" is a program for Windows`
  return text.includes('\0') ? `"${program}" is no program of this system (ENOEXEC)` : undefined
}

function whyNotExecutable(program: string, file: string, mode: number): string {
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  const advice = may(file, constants.R_OK)
    ? 'Begin a script with a line such as "#!/bin/sh"; packages carry no modes, and that line makes it executable'
    : 'Its role has no right to read it either'
  return `"${program}" may not be executed (EACCES): its mode is ${octal}. ${advice}`
}

function whyNotLoaded(program: string, head: Buffer): string | undefined {
  const [wide, machine] = [head[4] === 2, head.readUInt16LE(18)]
  if (wide ? machine !== machines[process.arch] : process.arch !== 'x64' || machine !== 3)
    return `"${program}" was built for another processor (ENOEXEC): its machine number is ${machine}, and this is ${process.arch}`
  // The path of the loader stands near the beginning, as text.
  const [loader] = /\/[\w/.+-]*\/ld[-\w.+]*\.so[\w.]*/.exec(head.toString('latin1')) ?? []
  return loader !== undefined && !existsSync(loader)
    ? `"${program}" needs the loader "${loader}", which this machine has not`
    : undefined
}

/** Whether this machine has a program: a file by its path, or a name on PATH. */
export function has(program: string, path: string): boolean {
  return isAbsolute(program) ? existsSync(program) : onPath(program, path) !== undefined
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => may(file, constants.X_OK) && statSync(file).isFile())
}

function may(file: string, mode: number): boolean {
  try {
    accessSync(file, mode)
    // Root passes every check; a file that nobody may execute is not executed for root either.
    return mode !== constants.X_OK || (statSync(file).mode & 0o111) !== 0
  } catch {
    return false
  }
}

/** Empty for a file that cannot be read. */
function headOf(file: string): Buffer {
  try {
    const opened = openSync(file, 'r')
    try {
      const head = Buffer.alloc(headBytes)
      return head.subarray(0, readSync(opened, head, 0, headBytes, 0))
    } finally {
      closeSync(opened)
    }
  } catch {
    return Buffer.alloc(0)
  }
}
