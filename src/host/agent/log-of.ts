import { guestLogs, type RollingLog, realPath, rollingLogs } from '../../guest/contract/guest-paths.ts'
import type { HostFacilities } from './facilities.ts'
import { guestDirectory } from './paths.ts'
import type { ContainerRecord, HostConfiguration } from './state.ts'

/** Where a requested log is; when there is no log of that name, no file but the existing names. */
export interface LogPlace {
  readonly root: string
  readonly file?: string | undefined
  readonly logicalPath: string
  readonly known: readonly string[]
}

/**
 * Names are looked up without regard to case (G-1). For a log in a series of files, `W3SVC1` is the newest file and `W3SVC1/u_ex15030405.log` the
 * named one.
 */
export async function logOf(
  { namesIn }: Pick<HostFacilities, 'namesIn'>,
  configuration: HostConfiguration,
  record: ContainerRecord,
  asked: string,
): Promise<LogPlace> {
  const root = guestDirectory(configuration, record.containerId)
  const guest = record.served?.guest
  const single = guest ? guestLogs(guest) : []
  const rolling = guest?.roleKind === 'WebRole' ? rollingLogs(guest) : []
  const [name = '', fileName] = asked.toLowerCase().split('/')
  const isAsked = (log: { readonly name: string }) => log.name.toLowerCase() === name
  const filesOf = async ({ directory, fileName: wanted }: RollingLog) =>
    oldestFirst(await namesIn(root, realPath(root, directory) as string), wanted)

  const log = rolling.find(isAsked)
  const files = log ? await filesOf(log) : []
  const file = fileName === undefined ? files.at(-1) : files.find((one) => one === fileName)
  const path = log && file ? `${log.directory}\\${file}` : single.find(isAsked)?.path
  if (path !== undefined) return { root, file: realPath(root, path), logicalPath: path, known: [] }
  const begun = await Promise.all(rolling.map(async (one) => ((await filesOf(one)).length > 0 ? [one.name] : [])))
  return { root, logicalPath: '', known: [...single.map((one) => one.name), ...begun.flat()] }
}

function oldestFirst(names: readonly string[], wanted: RegExp): readonly string[] {
  const number = (name: string) => Number(wanted.exec(name)?.[1])
  return names.filter((name) => wanted.test(name)).toSorted((one, other) => number(one) - number(other))
}
