import { type Content, type Markup, xml } from '../kernel/xml.ts'
import type { EntryPoint, Runtime, Site, StartupTask, Variable, VirtualPath } from './definition.ts'
import { definitionNamespace } from './namespaces.ts'
import type { RoleModel } from './role-model.ts'

/** RoleModel.xml: children in the order of section 6, absent when empty except Runtime, defaults left out. */
export function writeRoleModel(model: RoleModel): string {
  const { name, version, tasks, pluginSettings, properties, sites } = model
  const settings = pluginSettings.map((setting) => xml('Setting', { name: setting.name, nameSpace: setting.nameSpace }))
  const propertyList = Object.entries(properties).map(([key, value]) => xml('Property', { name: key, value }))
  const root = xml('RoleModel', { xmlns: definitionNamespace, name, version }, [
    container('Startup', tasks.map(writeTask)),
    writeRuntime(model.runtime, model.protocolVersion),
    container('ConfigurationSettings', settings),
    container('Properties', propertyList),
    container('Sites', (sites ?? []).map(writeSite)),
  ])
  return `<?xml version="1.0" encoding="utf-8"?>${root.markup}`
}

function container(name: string, content: readonly Content[]): Markup | undefined {
  return content.length > 0 ? xml(name, {}, content) : undefined
}

function writeTask({ commandLine, executionContext, taskType, environment, relativePath }: StartupTask): Markup {
  const attributes = {
    commandLine,
    executionContext: unless('limited', executionContext),
    taskType: unless('simple', taskType),
    relativePath,
  }
  return xml('Task', attributes, writeEnvironment(environment))
}

function writeRuntime(
  { executionContext, environment, entryPoint }: Runtime,
  protocolVersion: string | undefined,
): Markup {
  return xml('Runtime', { executionContext: unless('limited', executionContext), protocolVersion }, [
    environment.length > 0 ? writeEnvironment(environment) : undefined,
    entryPoint && xml('EntryPoint', {}, writeEntryPoint(entryPoint)),
  ])
}

function writeEnvironment(environment: readonly Variable[]): Markup {
  return xml('Environment', {}, environment.map(writeVariable))
}

function writeVariable(variable: Variable): Markup {
  const { name } = variable
  if ('xpath' in variable) return xml('Variable', { name }, xml('RoleInstanceValue', { xpath: variable.xpath }))
  return xml('Variable', { name, value: variable.value })
}

function writeEntryPoint(entryPoint: EntryPoint): Markup {
  if (entryPoint.kind === 'NetFx') {
    const { assemblyName, targetFrameworkVersion } = entryPoint
    return xml('NetFxEntryPoint', { assemblyName, targetFrameworkVersion })
  }
  const { commandLine, setReadyOnProcessStart } = entryPoint
  return xml('ProgramEntryPoint', { commandLine, setReadyOnProcessStart })
}

function writeSite({ name, physicalDirectory, bindings, ...paths }: Site): Markup {
  const written = bindings.map((binding) =>
    xml('Binding', { name: binding.name, endpointName: binding.endpointName, hostHeader: binding.hostHeader }),
  )
  return xml('Site', { name, physicalDirectory }, [...writePaths(paths), xml('Bindings', {}, written)])
}

function writePaths(paths: Pick<VirtualPath, 'virtualApplications' | 'virtualDirectories'>): readonly Markup[] {
  const write = (element: string) => (path: VirtualPath) =>
    xml(element, { name: path.name, physicalDirectory: path.physicalDirectory }, writePaths(path))
  return [
    ...paths.virtualApplications.map(write('VirtualApplication')),
    ...paths.virtualDirectories.map(write('VirtualDirectory')),
  ]
}

function unless(usual: string, value: string): string | undefined {
  return value === usual ? undefined : value
}
