import type { Element } from '../../kernel/xml.ts'
import { flag, integer, text } from '../document/attributes.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { many, one } from '../document/shape.ts'
import { type DirectorySource, mostMB, type Naming, type OfSites } from './configuration.ts'

/** The directories that a configuration transfers (P-17, P-18). Crash dumps, which nobody writes here, are warned of. */
export function readDirectories(
  notes: Notes,
  element: Element | undefined,
  naming: Naming,
): readonly DirectorySource[] {
  if (!element) return []
  const dumps = one(notes, element, 'CrashDumps')
  if (dumps) warn(notes, dumps, 'CrashDumps is passed over: nothing writes them here.')
  const sources = many(notes, one(notes, element, 'DataSources'), 'DirectoryConfiguration')
  return [
    ...ofSites(notes, element, naming, 'webLogs'),
    ...ofSites(notes, element, naming, 'failedRequests'),
    ...sources.flatMap((source) => directoryOf(notes, source) ?? []),
  ]
}

/** Their elements, and where the original brings them when no container is named (P-15). */
const elementsOfSites: Readonly<Record<OfSites, { readonly name: string; readonly container: string }>> = {
  webLogs: { name: 'IISLogs', container: 'wad-iis-logfiles' },
  failedRequests: { name: 'FailedRequestLogs', container: 'wad-iis-failedreqlogfiles' },
}

function ofSites(notes: Notes, directories: Element, naming: Naming, kind: OfSites): readonly DirectorySource[] {
  const { name, container: fallback } = elementsOfSites[kind]
  const [element] = many(notes, directories, name)
  if (!element) return []
  const quotaInMB = integer(notes, element, 'directoryQuotaInMB', { min: 0, max: mostMB }, 0)
  const container = containerOf(notes, element, fallback)
  return container === undefined ? [] : [{ container, place: { kind, naming, quotaInMB } }]
}

function directoryOf(notes: Notes, source: Element): DirectorySource | undefined {
  const container = containerOf(notes, source, '')
  if (container === undefined) return undefined
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

function containerOf(notes: Notes, source: Element, fallback: string): string | undefined {
  const container = source.attributes['container'] || source.attributes['containerName'] || fallback
  if (containerName.test(container)) return container
  const wanted = 'three to 63 lower-case letters, digits and single hyphens'
  fault(notes, source, `container of ${source.local} is a name of ${wanted}; found "${container}".`)
  return undefined
}

/** Names that the Blob service takes. */
const containerName = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/
