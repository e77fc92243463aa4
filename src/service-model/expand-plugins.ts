import { own } from '../kernel/own.ts'
import { checkDefinition } from './check/definition.ts'
import { checkXpaths } from './check/xpaths.ts'
import type { RoleDefinition, ServiceDefinition } from './definition.ts'
import { diagnosticStore } from './diagnostic-store.ts'
import { concluded, fault, type Notes, notesOn } from './document/notes.ts'
import { knownPlugins } from './known-plugins.ts'
import { definitionNamespace } from './namespaces.ts'
import type { PluginModule } from './plugin-module.ts'
import { type Import, orderedTasks } from './plugin-tasks.ts'
import type { Reading } from './reading.ts'

type Modules = Readonly<Record<string, PluginModule>>

/**
 * The definition with what its imports bring written into each role under full names (section 5), and DiagnosticStore in every
 * role (P-11). `modules` by module name; without it the plug-ins that Reddog knows. An unknown module is refused (P-10), and so
 * are faults that appear only after expansion: equal endpoint names or ports, xpaths to nothing.
 */
export function expandPlugins(
  definition: ServiceDefinition,
  modules: Modules = knownPlugins,
): Reading<ServiceDefinition> {
  const notes = notesOn('ServiceDefinition.csdef', definitionNamespace)
  const roles = definition.roles.map((role) => expandRole(role, importsOf(notes, role, modules)))
  const expanded = { ...definition, roles }
  checkDefinition(notes, expanded, 'expanded')
  // Its other warnings were given when the definition was read.
  const ofPlugins = notesOn(notes.file, definitionNamespace)
  checkXpaths(ofPlugins, expanded, 'expanded')
  return { ...concluded(notes, expanded), warnings: ofPlugins.warnings }
}

/** The settings that a role's imports bring, as RoleModel.xml lists them (6). */
export function pluginSettingsOf(
  role: RoleDefinition,
  modules: Modules = knownPlugins,
): readonly { readonly name: string; readonly nameSpace: string }[] {
  return role.imports.flatMap((name) => {
    const module = moduleCalled(name, modules)?.module
    return module ? module.settings.map((setting) => ({ name: setting, nameSpace: module.namespace })) : []
  })
}

function importsOf(notes: Notes, role: RoleDefinition, modules: Modules): readonly Import[] {
  return role.imports.flatMap((name) => {
    const found = moduleCalled(name, modules)
    if (found) return [found]
    const known = Object.keys(modules).join(', ')
    fault(notes, role, `role ${role.name} imports the module ${name}, which is unknown; there are ${known}.`)
    return []
  })
}

/** By its name in any case, as on Windows, under the name of its directory. */
function moduleCalled(name: string, modules: Modules): Import | undefined {
  const found = own(modules, name) ? name : Object.keys(modules).find((one) => one.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : { name: found, module: modules[found] as PluginModule }
}

function expandRole(role: RoleDefinition, imports: readonly Import[]): RoleDefinition {
  const { startupPriority: _, ...kept } = role
  const modules = imports.map(({ module }) => module)
  const sites = modules.flatMap((module) => qualifiedSites(module))
  return {
    ...kept,
    imports: imports.map(({ name }) => name),
    settings: distinct(
      role.settings,
      modules.flatMap(({ namespace, settings }) => settings.map((name) => `${namespace}.${name}`)),
      (name) => name,
    ),
    localResources: withDiagnosticStore(
      distinct(
        role.localResources,
        modules.flatMap((module) => qualified(module, module.localResources)),
        nameOf,
      ),
    ),
    inputEndpoints: [...role.inputEndpoints, ...modules.flatMap((module) => qualifiedInputs(module))],
    internalEndpoints: [
      ...role.internalEndpoints,
      ...modules.flatMap((module) => qualified(module, module.internalEndpoints)),
    ],
    instanceInputEndpoints: [
      ...role.instanceInputEndpoints,
      ...modules.flatMap((module) => qualified(module, module.instanceInputEndpoints)),
    ],
    certificates: distinct(
      role.certificates,
      modules.flatMap((module) => qualified(module, module.certificates)),
      nameOf,
    ),
    tasks: orderedTasks(role, imports),
    runtime: {
      ...role.runtime,
      environment: [...role.runtime.environment, ...modules.flatMap(({ environment }) => environment)],
    },
    ...((role.sites || sites.length > 0) && { sites: [...(role.sites ?? []), ...sites] }),
  }
}

type Named = { readonly name: string }

function nameOf({ name }: Named): string {
  return name
}

/** The role's own, then what plug-ins add: definitions in the field also write a plug-in's setting themselves. */
function distinct<Piece>(
  own: readonly Piece[],
  added: readonly Piece[],
  key: (piece: Piece) => string,
): readonly Piece[] {
  const names = new Set(own.map(key))
  return [...own, ...added.filter((piece) => !names.has(key(piece)))]
}

function qualified<Piece extends Named>({ namespace }: PluginModule, pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map((piece) => ({ ...piece, name: `${namespace}.${piece.name}` }))
}

function qualifiedInputs(module: PluginModule): RoleDefinition['inputEndpoints'] {
  return qualified(module, module.inputEndpoints).map((endpoint) =>
    endpoint.certificate ? { ...endpoint, certificate: `${module.namespace}.${endpoint.certificate}` } : endpoint,
  )
}

function qualifiedSites({ namespace, sites = [] }: PluginModule): NonNullable<RoleDefinition['sites']> {
  return sites.map((site) => ({
    ...site,
    bindings: site.bindings.map((binding) => ({ ...binding, endpointName: `${namespace}.${binding.endpointName}` })),
  }))
}

/** After all others; a definition that declares it itself sets only its size (2.7). */
function withDiagnosticStore(resources: RoleDefinition['localResources']): RoleDefinition['localResources'] {
  const own = resources.find(({ name }) => name === diagnosticStore.name)
  const others = resources.filter(({ name }) => name !== diagnosticStore.name)
  return [...others, { ...diagnosticStore, ...(own && { sizeInMB: own.sizeInMB }) }]
}
