import type { Element } from '../../../kernel/xml.ts'
import { elementBelow } from '../change-document.ts'

export const kinds = ['SITE', 'APP', 'VDIR', 'APPPOOL'] as const
export type Kind = (typeof kinds)[number]

/** A site, an application, a virtual directory or a pool of the configuration, as the original lists it. */
export interface HostObject {
  readonly kind: Kind
  /** `Web`, `Web/admin`, `Web/admin/images`, the pool's own name. */
  readonly name: string
  readonly element: Element
  /** Its attributes besides its configuration, by the names of the original. */
  readonly attributes: Readonly<Record<string, string>>
  /** The text behind its name in a list. */
  readonly summary: string
}

/** All of one kind, in the order of the file. */
export function objectsOf(root: Element, kind: Kind): readonly HostObject[] {
  if (kind === 'APPPOOL') return itemsOf(root, 'applicationPools', 'add').map((element) => poolOf(root, element))
  const sites = itemsOf(root, 'sites', 'site')
  if (kind === 'SITE') return sites.map(siteOf)
  return sites.flatMap((site) =>
    itemsIn(site, 'application').flatMap((application) => {
      const app = appOf(site, application)
      return kind === 'APP' ? [app] : itemsIn(application, 'virtualDirectory').map((one) => directoryOf(app, one))
    }),
  )
}

function itemsOf(root: Element, section: string, local: string): readonly Element[] {
  const found = elementBelow(root, ['system.applicationHost', section])
  return found ? itemsIn(found, local) : []
}

function itemsIn({ children }: Element, wanted: string): readonly Element[] {
  return children.filter(({ local }) => local === wanted)
}

/** The file alone decides what counts as running: a pool stopped by rapid-fail protection is listed as started. */
function stateOf(attribute: string | undefined): string {
  return attribute?.toLowerCase() === 'false' ? 'Stopped' : 'Started'
}

function siteOf(element: Element): HostObject {
  const { name = '', id = '', serverAutoStart } = element.attributes
  const bindings = (elementBelow(element, ['bindings'])?.children ?? [])
    .filter(({ local }) => local === 'binding')
    .map(({ attributes: { protocol, bindingInformation } }) => `${protocol}/${bindingInformation}`)
    .join(',')
  const state = stateOf(serverAutoStart)
  const attributes = { 'SITE.NAME': name, 'SITE.ID': id, bindings, state }
  return { kind: 'SITE', name, element, attributes, summary: `id:${id},bindings:${bindings},state:${state}` }
}

function poolOf(root: Element, element: Element): HostObject {
  const { name = '' } = element.attributes
  const defaults = elementBelow(root, ['system.applicationHost', 'applicationPools', 'applicationPoolDefaults'])
  const valueOf = (attribute: string) => element.attributes[attribute] ?? defaults?.attributes[attribute]
  const version = valueOf('managedRuntimeVersion') ?? 'v4.0'
  const mode = valueOf('managedPipelineMode') ?? 'Integrated'
  const state = stateOf(valueOf('autoStart'))
  const attributes = { 'APPPOOL.NAME': name, PipelineMode: mode, RuntimeVersion: version, state }
  const summary = `MgdVersion:${version},MgdMode:${mode},state:${state}`
  return { kind: 'APPPOOL', name, element, attributes, summary }
}

function appOf(site: Element, element: Element): HostObject {
  const { name: siteName = '' } = site.attributes
  const { path = '/', applicationPool = '' } = element.attributes
  const name = `${siteName}${path}`
  const attributes = { 'APP.NAME': name, 'APPPOOL.NAME': applicationPool, 'SITE.NAME': siteName, path }
  return { kind: 'APP', name, element, attributes, summary: `applicationPool:${applicationPool}` }
}

function directoryOf(app: HostObject, element: Element): HostObject {
  const { path = '/', physicalPath = '' } = element.attributes
  const name = `${app.name.replace(/\/$/, '')}${path}`
  const attributes = { 'VDIR.NAME': name, physicalPath, path, 'APP.NAME': app.name }
  return { kind: 'VDIR', name, element, attributes, summary: `physicalPath:${physicalPath}` }
}
