import type { Element } from '../../kernel/xml.ts'
import { flag, text } from '../document/attributes.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { many, one } from '../document/shape.ts'
import type { DirectorySource } from './configuration.ts'

/** The directories that a configuration transfers (P-18). Those of IIS and of crash dumps, which nobody writes here yet, are warned of. */
export function readDirectories(notes: Notes, element: Element | undefined): readonly DirectorySource[] {
  if (!element) return []
  for (const name of ['IISLogs', 'FailedRequestLogs', 'CrashDumps']) {
    const found = one(notes, element, name)
    if (found) warn(notes, found, `${name} is passed over: nothing writes them here.`)
  }
  const sources = many(notes, one(notes, element, 'DataSources'), 'DirectoryConfiguration')
  return sources.flatMap((source) => directoryOf(notes, source) ?? [])
}

function directoryOf(notes: Notes, source: Element): DirectorySource | undefined {
  const container = source.attributes['container'] ?? source.attributes['containerName'] ?? ''
  if (!containerName.test(container)) {
    const wanted = 'three to 63 lower-case letters, digits and single hyphens'
    fault(notes, source, `container of DirectoryConfiguration is a name of ${wanted}; found "${container}".`)
    return undefined
  }
  if (Number(source.attributes['directoryQuotaInMB'] ?? 0) > 0)
    warn(notes, source, 'directoryQuotaInMB is passed over: the role clears up its directories itself.')
  const absolute = one(notes, source, 'Absolute')
  const local = one(notes, source, 'LocalResource')
  if (absolute) {
    const expand = flag(notes, absolute, 'expandEnvironment', false)
    return { container, place: { kind: 'absolute', path: text(notes, absolute, 'path'), expand } }
  }
  if (local) {
    const relativePath = local.attributes['relativePath'] ?? '.'
    return { container, place: { kind: 'local', resource: text(notes, local, 'name'), relativePath } }
  }
  fault(notes, source, 'DirectoryConfiguration names its directory by Absolute or by LocalResource; it has neither.')
  return undefined
}

/** Names that the Blob service takes. */
const containerName = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/
