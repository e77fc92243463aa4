import { hinders, reasonsOf } from '../../service-model/findings/finding.ts'
import { exitCodes, Failure } from '../failure.ts'
import { uploadPackage } from '../packages/upload.ts'
import { ApiRefusal, NoAnswer } from '../service-management/api.ts'
import type { ServiceManagement } from '../service-management/service-management.ts'
import { counted } from './counted.ts'
import { findingLine, overlayFiles } from './finding-lines.ts'
import { examined, packageFile } from './package-file.ts'
import { type Call, flag, list } from './verb.ts'

/** Options of the verbs that bring a package. */
export const packageOptions = {
  overlay: { type: 'string', multiple: true },
  'ignore-findings': { type: 'boolean' },
} as const

/**
 * Hands the named package to `use`: packed first if it is a definition, its overlays added to it, and checked before anything is
 * sent. Throws a Failure with everything that prevents it from running, unless that is to be ignored.
 */
export async function withPackage(call: Call, named: string, use: (path: string) => Promise<void>): Promise<void> {
  const packed = await packageFile(named, call, list(call, 'overlay'))
  try {
    call.terminal.warn(packed.warnings)
    await refuseUnfit(call, named, packed.path)
    await use(packed.path)
  } finally {
    packed.dispose()
  }
}

async function refuseUnfit(call: Call, named: string, path: string): Promise<void> {
  const { terminal } = call
  const all = (await examined(call, path)).findings
  for (const finding of all.filter(({ verdict }) => verdict === 'wine')) terminal.note(findingLine(finding))
  const findings = all.filter(hinders)
  if (findings.length === 0) return
  if (flag(call, 'ignore-findings')) return terminal.warn(reasonsOf(findings))
  for (const finding of findings) terminal.note(findingLine(finding))
  throw new Failure(
    `${named} would not run: ${counted(findings.length, 'thing')} in the way, and nothing was uploaded. "reddog doctor" shows all of it; --overlay brings what is missing, and --ignore-findings goes on all the same.`,
    exitCodes.notDone,
    { findings, overlay: overlayFiles(findings) },
  )
}

/** How often a package is uploaded again because the Blob service has moved with the master. Origin: choice; a master is made in seconds. */
const timesAgain = 3

/**
 * Puts a package into the subscription's Blob service (U-20) and hands its address to `use`. Afterwards the blob is deleted, for the
 * fabric has its own copy (B-2), or has refused. Without waiting for the end of the operation, or when it could not be followed to its end, this is
 * unknown, and the blob stays until a later upload finds it too old. All of it is done again when the blob was left behind on a former master's machine.
 */
export async function withUploadedPackage(
  call: Call,
  fabric: ServiceManagement,
  path: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  for (let left = timesAgain; ; left -= 1)
    try {
      return await uploadOnce(call, fabric, path, use)
    } catch (error) {
      if (left === 0 || !isLeftBehind(error)) throw error
      call.terminal.note('Another machine is master now, and the package is not there: it is uploaded again.')
    }
}

function isLeftBehind(error: unknown): boolean {
  return error instanceof Failure && 'code' in error.facts && error.facts.code === 'PackageNotStaged'
}

async function uploadOnce(
  call: Call,
  fabric: ServiceManagement,
  path: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const { terminal, signal } = call
  const account = await fabric.storageAccount()
  const { url, remove } = await uploadPackage(path, account, signal, (share) =>
    terminal.progress([`Uploading: ${Math.floor(share * 10) * 10} %`]),
  )
  terminal.settle()
  const before = terminal.operation()
  let isDone = flag(call, 'plan') || !flag(call, 'no-wait')
  try {
    await use(url)
  } catch (error) {
    // What was accepted, or may have been, goes on without us, and reads the package.
    const isAccepted = terminal.operation() !== before
    if (error instanceof ApiRefusal) isDone = !isAccepted
    else if (error instanceof NoAnswer || signal.aborted) isDone = false
    throw error
  } finally {
    if (isDone) await remove()
  }
}
