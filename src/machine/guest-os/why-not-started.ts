import { accessSync, constants, statSync } from 'node:fs'
import type { ProcessStart } from '../process.ts'

/** Pages of a variable or an argument that the kernel takes (MAX_ARG_STRLEN). */
const longestText = 32 * 4096

/** Why the system has not started a process at all, as a sentence without any value of its environment. */
export function whyNotStarted({ code, message }: NodeJS.ErrnoException, start: ProcessStart): string {
  return `The system did not start it${code === undefined ? '' : ` (${code})`}: ${code === 'E2BIG' ? tooLarge(start) : (inTheWay(start) ?? message)}`
}

function tooLarge({ env, args }: ProcessStart): string {
  const variables = Object.entries(env).map(([name, value]) => ({ name, bytes: Buffer.byteLength(`${name}=${value}`) }))
  const all = variables.reduce((sum, { bytes }) => sum + bytes, 0)
  const [largest] = variables.toSorted((a, b) => b.bytes - a.bytes)
  const line = Buffer.byteLength(args.join(' '))
  return `its environment has ${all} bytes and its command line ${line}. The largest variable is ${largest?.name} with ${largest?.bytes}; one may have ${longestText - 1}, and all together what "getconf ARG_MAX" says`
}

function inTheWay({ cwd, file }: ProcessStart): string | undefined {
  const directory = statSync(cwd, { throwIfNoEntry: false })
  if (!directory?.isDirectory()) return `its directory ${cwd} is missing`
  if (!may(cwd)) return `its directory ${cwd} may not be entered`
  if (!may(file)) return `${file} is missing or may not be run`
  return undefined
}

function may(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
