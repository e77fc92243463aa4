import type { Element } from '../kernel/xml.ts'
import { checkDefinition } from './check/definition.ts'
import { readNetworkTrafficRules } from './definition/network-traffic-rules.ts'
import { readProbes } from './definition/probes.ts'
import { readRole } from './definition/role.ts'
import type { ServiceDefinition } from './definition.ts'
import { choice, integer, text } from './document/attributes.ts'
import { concluded, type Notes, notesOn, placed } from './document/notes.ts'
import { readRoot } from './document/root.ts'
import { checkShape } from './document/shape.ts'
import { definitionNamespace } from './namespaces.ts'
import type { Reading } from './reading.ts'

interface Options {
  /** The name shown in errors. */
  readonly file?: string
  /** Unknown elements and attributes of the schema's namespace are warnings. */
  readonly lenient?: boolean
  /** The reduced, expanded definition inside a package (package-format.md 2.3): no tasks, runtime or sites are expected. */
  readonly packaged?: boolean
}

/** Upgrade domains: least, most, and default when the definition has none. */
const upgradeDomains = { min: 1, max: 20, usual: 5 } as const

/**
 * A service definition (.csdef), canonical and validated (service-model.md 1, 2). Plug-ins are not expanded:
 * `expandPlugins` does that.
 */
export function readDefinition(source: string, options: Options = {}): Reading<ServiceDefinition> {
  const notes = notesOn(options.file ?? 'ServiceDefinition.csdef', definitionNamespace, options.lenient)
  const root = readRoot(notes, source, 'ServiceDefinition')
  if (!root) return concluded(notes)
  const definition = readService(notes, root)
  checkDefinition(notes, definition, options.packaged ? 'packaged' : 'written')
  return concluded(notes, definition)
}

function readService(notes: Notes, root: Element): ServiceDefinition {
  checkShape(notes, root, {
    attributes: ['name', 'upgradeDomainCount', 'topologyChangeDiscovery', 'schemaVersion'],
    once: ['LoadBalancerProbes'],
    many: ['WebRole', 'WorkerRole', 'NetworkTrafficRules'],
  })
  const roles = root.children.filter(
    (child) => child.namespace === notes.namespace && (child.local === 'WebRole' || child.local === 'WorkerRole'),
  )
  return placed(notes, root, {
    name: text(notes, root, 'name'),
    upgradeDomainCount: integer(notes, root, 'upgradeDomainCount', upgradeDomains, upgradeDomains.usual),
    topologyChangeDiscovery: choice(
      notes,
      root,
      'topologyChangeDiscovery',
      ['UpgradeDomainWalk', 'Blast'],
      'UpgradeDomainWalk',
    ),
    loadBalancerProbes: readProbes(notes, root),
    roles: roles.map((role) => readRole(notes, role)),
    networkTrafficRules: readNetworkTrafficRules(notes, root),
  })
}
