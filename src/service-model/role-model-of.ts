import { own } from '../kernel/own.ts'
import type { RoleDefinition, Site, StartupTask, VirtualPath } from './definition.ts'
import type { RoleModel } from './role-model.ts'

interface Options {
  /** SDK product version. */
  readonly version: string
  /** TargetFrameworkVersion, RoleType … of the packer's properties file. */
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Where each site's content is in the package, by `Site` or `Site/VirtualPath/…`; `approot` when it is not stated. */
  readonly physicalDirectories?: Readonly<Record<string, string>> | undefined
  readonly pluginSettings: RoleModel['pluginSettings']
}

/** Of a ProgramEntryPoint (section 6). */
const programProtocolVersion = '2011-03-08'

/**
 * The role model that packing writes for a role whose plug-ins are expanded (section 6): every task with its directory, in
 * front of those of a full-IIS web role the IISConfigurator (section 5, 5).
 */
export function roleModelOf(role: RoleDefinition, options: Options): RoleModel {
  const { version, properties = {}, physicalDirectories = {}, pluginSettings } = options
  const ownPath = role.kind === 'WebRole' ? 'approot\\bin' : 'approot\\'
  const tasks = role.tasks.map((task) => ({ ...task, relativePath: task.relativePath ?? ownPath }))
  return {
    name: role.name,
    version,
    tasks: role.sites ? [iisConfigurator, ...tasks] : tasks,
    runtime: role.runtime,
    ...(role.runtime.entryPoint?.kind === 'Program' && { protocolVersion: programProtocolVersion }),
    pluginSettings,
    properties,
    ...(role.sites && { sites: role.sites.map((site) => packagedSite(site, physicalDirectories)) }),
  }
}

/**
 * The role model for a package, from the one in a layout directory (package-format.md 4): with the IISConfigurator, and with
 * `approot` for content that was elsewhere on the build machine. `holds`: whether the role has such a directory.
 */
export function inPackage(model: RoleModel, holds: (directory: string) => boolean): RoleModel {
  if (!model.sites) return model
  const isThere = (directory: string | undefined) => holds((directory ?? '').replaceAll('\\', '/'))
  const placed = <Path extends Site | VirtualPath>(path: Path): Path => ({
    ...path,
    physicalDirectory: isThere(path.physicalDirectory) ? path.physicalDirectory : 'approot',
    virtualApplications: path.virtualApplications.map((one) => placed(one)),
    virtualDirectories: path.virtualDirectories.map((one) => placed(one)),
  })
  const tasks = model.tasks.filter(({ commandLine }) => commandLine !== iisConfigurator.commandLine)
  return { ...model, tasks: [iisConfigurator, ...tasks], sites: model.sites.map((site) => placed(site)) }
}

const iisConfigurator: StartupTask = {
  commandLine: 'IISConfigurator.exe',
  executionContext: 'elevated',
  taskType: 'simple',
  environment: [
    { name: '_IISCONFIGURATOR_SETUP_URL_REWRITE_', value: 'true' },
    { name: '_IISCONFIGURATOR_CLEAN_SERVER_ONSTARTUP_', value: 'true' },
    { name: 'RdModuleName', value: 'IISConfigurator' },
  ],
  relativePath: 'base\\x64',
}

type Directories = Readonly<Record<string, string>>

function packagedSite(site: Site, directories: Directories): Site {
  return {
    ...site,
    physicalDirectory: own(directories, site.name) ?? 'approot',
    ...packagedPaths(site, site.name, directories),
  }
}

function packagedPaths(
  { virtualApplications, virtualDirectories }: Pick<VirtualPath, 'virtualApplications' | 'virtualDirectories'>,
  key: string,
  directories: Directories,
): Pick<VirtualPath, 'virtualApplications' | 'virtualDirectories'> {
  const packaged = (path: VirtualPath): VirtualPath => {
    const below = `${key}/${path.name}`
    return {
      ...path,
      physicalDirectory: own(directories, below) ?? 'approot',
      ...packagedPaths(path, below, directories),
    }
  }
  return {
    virtualApplications: virtualApplications.map(packaged),
    virtualDirectories: virtualDirectories.map(packaged),
  }
}
