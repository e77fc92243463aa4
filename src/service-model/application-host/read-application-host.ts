import { child, type Element } from '../../kernel/xml.ts'
import { brief } from '../document/bounds.ts'
import { concluded, fault, type Notes, notesOn } from '../document/notes.ts'
import type { Reading } from '../reading.ts'
import { effective } from '../web-config/effective.ts'
import { type Layer, readLayer } from '../web-config/layer.ts'
import { readPlaces, readRootOfConfiguration } from '../web-config/read-web-config.ts'
import type { Effective } from '../web-config/schema.ts'
import type { ApplicationHost, ApplicationPool, SiteBinding, WebSite } from './application-host.ts'
import { poolSchema, poolsSchema, type siteSchema, sitesSchema } from './schema.ts'

/**
 * Reads `applicationHost.config`. A fault that would stop the web server from starting is an error with its line; a setting of IIS that is not
 * carried out here is a warning. Unlike a `web.config` it may hold global rewrite rules and allowed server variables (I-53).
 */
export function readApplicationHost(source: string, file: string): Reading<ApplicationHost> {
  const notes = notesOn(file, '')
  const root = readRootOfConfiguration(notes, source)
  if (!root) return concluded(notes)
  const host = child(root, 'system.applicationHost')
  const pools = readPools(notes, child(host, 'applicationPools'))
  const sites = readSites(notes, child(host, 'sites'))
  for (const { name, applications } of sites)
    for (const { path, pool } of applications)
      if (!pools.some((one) => isSame(one.name, pool)))
        fault(
          notes,
          undefined,
          `the application ${path} of site "${name}" names the pool "${pool}", which is not there.`,
        )
  return concluded(notes, { pools, sites, config: { file, places: readPlaces(notes, root, true) } })
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

function readPools(notes: Notes, element: Element | undefined): readonly ApplicationPool[] {
  if (!element) return []
  const layer = readLayer(notes, element, poolsSchema)
  const defaults = layer.elements['applicationPoolDefaults']
  // Read as a whole to find duplicates.
  notes.errors.push(...effective(poolsSchema, [layer]).faults)
  return added(layer).map((item) => poolOf(effective(poolSchema, defaults ? [defaults, item] : [item]).value))
}

function poolOf(pool: Effective<typeof poolSchema>): ApplicationPool {
  const { processModel, recycling, failure } = pool
  return {
    name: pool.name,
    startMode: pool.startMode,
    autoStart: pool.autoStart,
    queueLength: pool.queueLength,
    idleTimeoutMs: processModel.idleTimeout,
    periodicRestartMs: recycling.periodicRestart.time,
    startupTimeLimitMs: processModel.startupTimeLimit,
    shutdownTimeLimitMs: processModel.shutdownTimeLimit,
    rapidFail: {
      isOn: failure.rapidFailProtection,
      failures: failure.rapidFailProtectionMaxCrashes,
      intervalMs: failure.rapidFailProtectionInterval,
    },
  }
}

function readSites(notes: Notes, element: Element | undefined): readonly WebSite[] {
  if (!element) return []
  const layer = readLayer(notes, element, sitesSchema)
  const { value, faults } = effective(sitesSchema, [layer])
  notes.errors.push(...faults)
  const ids = value.items.map(({ id }) => id)
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    fault(notes, element, `two sites have the id ${id}.`)
  return value.items.map((site) => siteOf(notes, element, site, value.siteDefaults.logFile.directory))
}

function siteOf(notes: Notes, element: Element, site: Effective<typeof siteSchema>, logDirectory: string): WebSite {
  const { name, id, items, bindings, logFile, traceFailedRequestsLogging: traces } = site
  return {
    name,
    id,
    bindings: bindings.items.flatMap((binding) => bindingOf(notes, element, binding) ?? []),
    logDirectory: logFile.directory || logDirectory,
    ...(traces.enabled &&
      traces.directory !== '' && { traces: { directory: traces.directory, mostFiles: traces.maxLogFiles } }),
    applications: items.map(({ path, applicationPool, items: directories }) => ({
      path,
      pool: applicationPool,
      directories,
    })),
  }
}

type Written = Effective<typeof siteSchema>['bindings']['items'][number]

/** `address:port:host`, as IIS has it; nobody here listens on all addresses (I-10). */
function bindingOf(notes: Notes, where: Element, written: Written): SiteBinding | undefined {
  const { protocol, bindingInformation, certificateHash } = written
  const [, address, port, hostHeader = ''] = /^(\[[^\]]+\]|[^:*]+):(\d{1,5}):(.*)$/.exec(bindingInformation) ?? []
  const isKnown = protocol === 'http' || protocol === 'https'
  if (!isKnown || address === undefined || Number(port) > 65_535) {
    fault(
      notes,
      where,
      `the binding ${brief(protocol)} ${brief(bindingInformation)} is none; it is http or https, and address:port:host.`,
    )
    return undefined
  }
  const certificate = certificateHash === '' ? undefined : certificateHash.toUpperCase()
  return { protocol, address, port: Number(port), hostHeader: hostHeader.toLowerCase(), certificate }
}

function added({ steps }: Layer): readonly Layer[] {
  return steps.flatMap((step) => (step.kind === 'add' ? [step.item] : []))
}
