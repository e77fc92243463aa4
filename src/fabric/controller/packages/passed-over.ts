import { own } from '../../../kernel/own.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { RoleDefinition } from '../../../service-model/definition.ts'
import type { ServiceModel } from '../../../service-model/service-model.ts'
import type { FabricFacts } from '../state/facts.ts'
import { pluginAt } from './unsupported.ts'

/** What of a package is accepted and not done, as warnings: what a definition may say and nobody here does stands in this list. */
export function passedOver(model: ServiceModel): readonly string[] {
  const { roles, networkTrafficRules } = model.definition
  return [
    ...roles.flatMap((role) => [
      ...pluginsOf(role, model),
      ...entryPointOf(role, model),
      ...elevatedCertificates(role),
      ...innerEndpoints(role),
    ]),
    ...(networkTrafficRules.length === 0
      ? []
      : [
          `The network traffic rules (${networkTrafficRules.length}) are not enforced: every role of the deployment reaches every internal endpoint.`,
        ]),
  ]
}

/** What of a configuration is accepted and not done, as warnings, besides those of its reading. */
export function passedOverOf(
  { osFamily, osVersion }: ServiceConfiguration,
  { osFamilies }: Pick<FabricFacts, 'osFamilies'>,
): readonly string[] {
  const releases = osFamilies.find(({ family }) => family === osFamily)?.releases ?? []
  return osVersion === '*' || releases.includes(osVersion)
    ? []
    : [
        `The osVersion "${osVersion}" is no release of osFamily ${osFamily} that this fabric has (${releases.join(', ')}); instances bear its name, and no release ever replaces it. Write "*" for the newest.`,
      ]
}

function pluginsOf({ name, settings }: RoleDefinition, { roleModels }: ServiceModel): readonly string[] {
  const ofTasks = own(roleModels, name)?.tasks.map(({ relativePath }) => pluginAt.exec(relativePath ?? '')?.[1]) ?? []
  const ofSettings = settings.map((setting) => pluginSetting.exec(setting)?.[1])
  const plugins = new Set([...ofTasks, ...ofSettings].filter((plugin) => plugin !== undefined))
  return plugins.size === 0
    ? []
    : [
        `The plug-ins of role ${name} (${[...plugins].join(', ')}) are passed over; plug-ins come with a later version of Reddog.`,
      ]
}

/** The bootstrapper says the same of each start (role-runtime.md 8). */
function entryPointOf({ name }: RoleDefinition, { roleModels, entryPointFiles }: ServiceModel): readonly string[] {
  const model = own(roleModels, name)
  if (!model || model.runtime.entryPoint?.kind === 'Program') return []
  const named = model.runtime.entryPoint?.assemblyName ?? own(entryPointFiles, name) ?? ''
  if (/\.m?js$/i.test(named)) return []
  return [
    named === ''
      ? `The role ${name} has no entry point, so that its instances cannot start. Name a ProgramEntryPoint, or a NetFxEntryPoint whose assemblyName is a module (.js, .mjs).`
      : `The entry point "${named}" of role ${name} is a .NET assembly, which does not run here, so that its instances cannot start. Name a module (.js, .mjs) or a ProgramEntryPoint.`,
  ]
}

function elevatedCertificates({ name, certificates }: RoleDefinition): readonly string[] {
  const elevated = certificates.filter(({ permissionLevel }) => permissionLevel === 'elevated').map((one) => one.name)
  return elevated.length === 0
    ? []
    : [
        `The private keys of role ${name}'s certificates ${elevated.join(', ')} are for elevated processes only, and all processes of an instance have one account here: the role can read them too.`,
      ]
}

function innerEndpoints({ name: role, inputEndpoints }: RoleDefinition): readonly string[] {
  return inputEndpoints
    .filter(({ loadBalancer }) => loadBalancer)
    .map(
      ({ name, loadBalancer }) =>
        `The endpoint ${name} of role ${role} is behind the internal load balancer ${loadBalancer}, which is not made: the endpoint is not public, and reached at its instances alone.`,
    )
}

/** A plug-in is known by its settings too; in a packaged definition its import is expanded to them (service-model.md 5). */
const pluginSetting = /^Microsoft\.WindowsAzure\.Plugins\.([^.]+)\./
