import { connectionSetting } from '../../service-model/diagnostics/account.ts'
import { troubleFile } from '../contract/diagnostics.ts'
import { localResourceDirectory, realPath, roleTempDirectory, roleTempMB } from '../contract/guest-paths.ts'
import type { GuestFacilities } from './facilities.ts'
import type { GuestOutcome } from './settle.ts'
import type { Goal } from './state.ts'

/** Measures TEMP and local storage, and names what is beyond its size (H-26), and what DiagnosticsAgent complains of (P-12). */
export async function measure(
  { configuration: { specification } }: Goal,
  facilities: GuestFacilities,
): Promise<GuestOutcome> {
  const { settings, log } = facilities
  const directories = [
    { name: 'TEMP', path: roleTempDirectory(specification), sizeInMB: roleTempMB },
    ...specification.localResources.map(({ name, sizeInMB }) => ({
      name,
      path: localResourceDirectory(specification, name),
      sizeInMB,
    })),
  ]
  const remarks: string[] = []
  for (const { name, path, sizeInMB } of directories) {
    const bytes = await facilities.measure(realPath(settings.root, path) as string)
    if (bytes <= sizeInMB * 1024 * 1024) continue
    remarks.push(`Local storage ${name} holds more than its ${sizeInMB} MB.`)
    log.status('WARN', `Local storage ${name} holds ${Math.ceil(bytes / 1024 / 1024)} MB of its ${sizeInMB} MB.`)
  }
  const hasDiagnostics = Object.hasOwn(specification.settings, connectionSetting)
  const trouble = hasDiagnostics
    ? facilities.readNote(realPath(settings.root, troubleFile(specification)) as string)
    : ''
  return { kind: 'measured', remarks: trouble === '' ? remarks : [...remarks, `Diagnostics: ${trouble}`] }
}
