import { guestLogs, realPath } from '../../guest/contract/guest-paths.ts'
import { guestDirectory } from './paths.ts'
import type { ContainerRecord, HostConfiguration } from './state.ts'

/** Where a log that the fabric asks for lies; without a file when there is no log of that name. */
export interface LogPlace {
  readonly root: string
  readonly file?: string | undefined
  readonly logicalPath: string
  readonly known: readonly string[]
}

/** Names are looked up without regard to case (G-1). */
export function logOf(configuration: HostConfiguration, record: ContainerRecord, name: string): LogPlace {
  const root = guestDirectory(configuration, record.containerId)
  const logs = record.served ? guestLogs(record.served.guest) : []
  const found = logs.find((log) => log.name.toLowerCase() === name.toLowerCase())
  return {
    root,
    file: found && realPath(root, found.path),
    logicalPath: found?.path ?? '',
    known: logs.map((log) => log.name),
  }
}
