import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** Machines of ELF programs that this system runs. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 }

/** Enough of a file for its first line, and for the headers of an ELF program. */
const headBytes = 4096

interface Place {
  readonly cwd: string
  readonly path: string
}

/**
 * Why the system does not run a program, as a clause; undefined when nothing stands against it. Asked after a shell has
 * ended without having run it, since the shell says a number only.
 */
export function whyNotRun(program: string, { cwd, path }: Place): string | undefined {
  const file = program.includes('/') ? resolve(cwd, program) : onPath(program, path)
  if (file === undefined) return `there is no program "${program}" in the package or on the PATH of this machine`
  const facts = statSync(file, { throwIfNoEntry: false })
  if (!facts) return `there is no file "${program}"`
  if (facts.isDirectory()) return `"${program}" is a directory`
  if (!may(file, constants.X_OK)) return whyNotExecutable(program, file, facts.mode)
  const head = headOf(file)
  const text = head.toString('latin1')
  if (text.startsWith('#!')) return whyNotInterpreted(program, text.slice(2).split('\n')[0] ?? '', path)
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

/** `line` is what stands behind `#!`. */
function whyNotInterpreted(program: string, line: string, path: string): string | undefined {
  const [interpreter = '', next = ''] = line.trim().split(/\s+/)
  if (line.endsWith('\r'))
    return `the first line of "${program}" ends with CR LF, so that the system looks for "${interpreter}" with a CR in its name. Save it with LF alone`
  if (!isAbsolute(interpreter) || !existsSync(interpreter))
    return `the first line of "${program}" names the interpreter "${interpreter}", which this machine has not`
  return interpreter.endsWith('/env') && /^\w/.test(next) && onPath(next, path) === undefined
    ? `the first line of "${program}" names the interpreter "${next}", which is not on the PATH of this machine`
    : undefined
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
