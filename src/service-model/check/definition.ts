import type { ServiceDefinition } from '../definition.ts'
import type { Notes } from '../document/notes.ts'
import { checkEntryPoints } from './entry-points.ts'
import { checkLimits } from './limits.ts'
import { checkLocalStorage } from './local-storage.ts'
import { checkNames } from './names.ts'
import { checkNetworkTrafficRules } from './network-traffic-rules.ts'
import { checkPlugins } from './plugins.ts'
import { checkPublicPorts } from './public-ports.ts'
import { checkReferences } from './references.ts'
import { checkSites } from './sites.ts'
import { checkXpaths } from './xpaths.ts'

/** How complete a definition is: the author's file, the same with its plug-ins expanded, or the reduced one of a package. */
export type DefinitionForm = 'written' | 'expanded' | 'packaged'

/** The invalid combinations of section 2.15 that one element alone does not show. Every fault is noted. */
export function checkDefinition(notes: Notes, definition: ServiceDefinition, form: DefinitionForm): void {
  checkLimits(notes, definition)
  checkNames(notes, definition)
  checkReferences(notes, definition)
  checkPublicPorts(notes, definition)
  checkLocalStorage(notes, definition)
  checkNetworkTrafficRules(notes, definition)
  // A packaged definition has no tasks, sites or imports: those are in RoleModel.xml (6).
  if (form === 'packaged') return
  checkEntryPoints(notes, definition)
  checkSites(notes, definition)
  checkXpaths(notes, definition, form)
  if (form === 'written') checkPlugins(notes, definition)
}
