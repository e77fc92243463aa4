import { connectionSetting } from '../../service-model/diagnostics/account.ts'
import { troubleFile } from '../contract/diagnostics.ts'
import { realPath } from '../contract/guest-paths.ts'
import { localStorageOf } from '../contract/local-storage.ts'
import type { GuestFacilities } from './facilities.ts'
import type { GuestOutcome } from './settle.ts'
import type { Goal } from './state.ts'

const megabyte = 1024 * 1024

/**
 * With this much free space or less, local storage counts as full: the kernel takes up to 2 MB of a write at once, or refuses them. A small one
 * does not count as full before half of it is used.
 */
function fullBelowMB(sizeInMB: number): number {
  return Math.min(Math.max(2, sizeInMB / 100), sizeInMB / 2)
}

/** Measures TEMP and local storage, and names those beyond their size (H-26), and the problems of DiagnosticsAgent (P-12). */
export async function measure(
  { configuration: { specification } }: Goal,
  facilities: GuestFacilities,
): Promise<GuestOutcome> {
  const { settings, log } = facilities
  const remarks: string[] = []
  for (const { name, path, sizeInMB } of localStorageOf(specification)) {
    const { heldBytes, leftBytes } = await facilities.measure(realPath(settings.root, path) as string)
    const full = leftBytes !== undefined && leftBytes < fullBelowMB(sizeInMB) * megabyte
    if (!full && heldBytes <= sizeInMB * megabyte) continue
    remarks.push(
      full
        ? `Local storage ${name} is full: what is beyond its ${sizeInMB} MB cannot be written.`
        : `Local storage ${name} holds more than its ${sizeInMB} MB.`,
    )
    log.status('WARN', `Local storage ${name} holds ${Math.ceil(heldBytes / megabyte)} MB of its ${sizeInMB} MB.`)
  }
  const hasDiagnostics = Object.hasOwn(specification.settings, connectionSetting)
  const trouble = hasDiagnostics
    ? facilities.readNote(realPath(settings.root, troubleFile(specification)) as string)
    : ''
  return { kind: 'measured', remarks: trouble === '' ? remarks : [...remarks, `Diagnostics: ${trouble}`] }
}
