import type { Element } from '../../kernel/xml.ts'
import type { Site, VirtualPath } from '../definition.ts'
import { text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `Sites/Site` of a web role, plug-in or role model (2.11); undefined when there is no Sites element (I-21). */
export function readSites(notes: Notes, holder: Element): readonly Site[] | undefined {
  const container = one(notes, holder, 'Sites')
  if (!container) return undefined
  checkShape(notes, container, { many: ['Site'] })
  const sites = many(notes, container, 'Site')
  if (sites.length === 0) fault(notes, container, 'Sites is empty; put a Site into it or leave it out.')
  return sites.map((site) => readSite(notes, site))
}

function readSite(notes: Notes, element: Element): Site {
  checkShape(notes, element, {
    attributes: ['name', 'physicalDirectory'],
    once: ['Bindings'],
    many: ['VirtualApplication', 'VirtualDirectory'],
  })
  const physicalDirectory = element.attributes['physicalDirectory']
  return placed(notes, element, {
    name: text(notes, element, 'name'),
    ...(physicalDirectory !== undefined && { physicalDirectory }),
    bindings: readBindings(notes, element),
    ...readVirtualPaths(notes, element),
  })
}

function readBindings(notes: Notes, site: Element): Site['bindings'] {
  const container = one(notes, site, 'Bindings')
  if (container) checkShape(notes, container, { many: ['Binding'] })
  const bindings = many(notes, container, 'Binding')
  if (bindings.length === 0)
    fault(notes, container ?? site, `Site ${site.attributes['name'] ?? ''} has no Binding; bind it to an endpoint.`)
  return bindings.map((binding) => {
    checkShape(notes, binding, { attributes: ['name', 'endpointName', 'hostHeader'] })
    const hostHeader = binding.attributes['hostHeader']
    return placed(notes, binding, {
      name: text(notes, binding, 'name'),
      endpointName: text(notes, binding, 'endpointName'),
      ...(hostHeader && { hostHeader }),
    })
  })
}

function readVirtualPaths(
  notes: Notes,
  holder: Element,
): Pick<VirtualPath, 'virtualApplications' | 'virtualDirectories'> {
  const read = (local: string) => many(notes, holder, local).map((element) => readVirtualPath(notes, element))
  return { virtualApplications: read('VirtualApplication'), virtualDirectories: read('VirtualDirectory') }
}

function readVirtualPath(notes: Notes, element: Element): VirtualPath {
  checkShape(notes, element, {
    attributes: ['name', 'physicalDirectory'],
    many: ['VirtualApplication', 'VirtualDirectory'],
  })
  return placed(notes, element, {
    name: text(notes, element, 'name'),
    physicalDirectory: text(notes, element, 'physicalDirectory'),
    ...readVirtualPaths(notes, element),
  })
}
