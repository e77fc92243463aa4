import { own } from '../../kernel/own.ts'
import type { ExecutionContext, RoleDefinition } from '../definition.ts'
import { noMonoText, whyNoMono } from '../dotnet/needs-mono.ts'
import { libraryOf, objectionTo, planTasks, runsAgentOf } from '../role-plan.ts'
import { sdkPlugin } from '../sdk-plugins.ts'
import type { ServiceModel } from '../service-model.ts'
import type { Finding } from './finding.ts'

/** Things that the guests of a fabric have for themselves alone. */
interface Apart {
  readonly ownNetworks: boolean
  readonly ownAccounts: boolean
  /** Whether its machine runs .NET; undefined where nobody has looked. */
  readonly hasMono?: boolean | undefined
}

/**
 * Parts of a package that are accepted but not carried out: everything that a definition may contain and Reddog does not do is in this
 * list. `apart`: undefined while the fabric is unknown.
 */
export function passedOver(model: ServiceModel, apart?: Apart): readonly Finding[] {
  const { roles, networkTrafficRules } = model.definition
  return [
    ...roles.flatMap((role) => [
      ...pluginsOf(role, model),
      ...(apart && !apart.ownAccounts && !apart.ownNetworks ? remoteAccessOf(role, model) : []),
      ...entryPointOf(role, model),
      ...(apart?.hasMono === false ? libraryOfNet(role, model) : []),
      ...elevatedPrograms(role, model),
      ...elevatedCertificates(role),
      ...innerEndpoints(role),
    ]),
    ...(networkTrafficRules.length === 0 || apart?.ownNetworks
      ? []
      : [
          {
            role: '',
            subject: 'networkTrafficRules',
            name: `${networkTrafficRules.length}`,
            verdict: 'passedOver',
            reason: `The network traffic rules (${networkTrafficRules.length}) ${unruled[apart ? 'here' : 'somewhere']}`,
          } as const,
        ]),
  ]
}

/** What happens to network traffic rules where guests share the network of the machine. */
const unruled = {
  here: 'are not enforced: guests share the network of the machine, and every role reaches every internal endpoint.',
  somewhere:
    'hold where guests have networks of their own (up --isolation namespace); elsewhere every role reaches every internal endpoint.',
} as const

function pluginsOf(
  { name: role, settings, imports }: RoleDefinition,
  { roleModels }: ServiceModel,
): readonly Finding[] {
  const ofTasks = own(roleModels, role)?.tasks.map(({ relativePath }) => pluginAt.exec(relativePath ?? '')?.[1]) ?? []
  const ofSettings = settings.map((setting) => pluginSetting.exec(setting)?.[1])
  const imported = new Set([...imports, ...ofTasks].map((plugin) => plugin?.toLowerCase()))
  const plugins = new Set([...imports, ...ofTasks, ...ofSettings].filter((plugin) => plugin !== undefined))
  return [...plugins].flatMap((name) => {
    const lack = sdkPlugin(name)?.lack ?? (imported.has(name.toLowerCase()) ? undefined : lackOf(name))
    const reason = `The plug-in ${name} of role ${role} is passed over: ${lack}.`
    return lack === undefined ? [] : [{ role, subject: 'plugin', name, verdict: 'passedOver', reason }]
  })
}

/** Later SDKs leave a plug-in only its settings; an extension does its work. */
function lackOf(plugin: string): string | undefined {
  if (!sdkPlugin(plugin)) return undefined
  return `the role has its settings and none of its tasks, so that nothing of it runs; an Import of ${plugin} in the definition brings them`
}

/** P-28: a user who signed in would have the account of the fabric. */
function remoteAccessOf({ name: role }: RoleDefinition, { roleModels }: ServiceModel): readonly Finding[] {
  const model = own(roleModels, role)
  const name = 'RemoteAccess'
  if (!model || !runsAgentOf(model, name)) return []
  const reason = `The plug-in ${name} of role ${role} lets nobody in: instances share the account of the fabric itself here. It needs guests in namespaces (up --isolation namespace), or Reddog as root with a data directory that other users may pass.`
  return [{ role, subject: 'plugin', name, verdict: 'passedOver', reason }]
}

/** A fabric accepts such a package, and its instances report the same at each start (role-runtime.md 8). */
function entryPointOf({ name: role, kind }: RoleDefinition, model: ServiceModel): readonly Finding[] {
  const roleModel = own(model.roleModels, role)
  const objection = roleModel && objectionTo(roleModel, own(model.entryPointFiles, role) ?? '', kind)
  if (!objection) return []
  const { name, why: reason } = objection
  return [{ role, subject: 'entryPoint', name, verdict: 'cannotRun', reason }]
}

/** Such a package is accepted too: Mono may be installed before its instances start. */
function libraryOfNet({ name: role, kind }: RoleDefinition, model: ServiceModel): readonly Finding[] {
  const roleModel = own(model.roleModels, role)
  const library = roleModel && libraryOf(roleModel, own(model.entryPointFiles, role) ?? '', kind)
  if (library === undefined) return []
  const reason = noMonoText(library, role, whyNoMono(() => false) ?? '')
  return [{ role, subject: 'entryPoint', name: library, verdict: 'cannotRun', reason }]
}

/** S-28, S-38: nearly every definition in the field contains it, so that it is reported once a role. */
function elevatedPrograms({ name: role }: RoleDefinition, { roleModels }: ServiceModel): readonly Finding[] {
  const roleModel = own(roleModels, role)
  if (!roleModel) return []
  const isElevated = ({ executionContext }: { executionContext: ExecutionContext }) => executionContext === 'elevated'
  const tasks = planTasks(roleModel).flatMap((planned) =>
    planned.kind === 'command' && isElevated(planned.task) ? [planned.task.commandLine] : [],
  )
  const asks = 'to be administrator (executionContext="elevated")'
  const has = 'the account of its instance, which has no more rights than any other of its processes'
  const findings: Finding[] = []
  const note = (subject: Finding['subject'], name: string, reason: string) =>
    findings.push({ role, subject, name, verdict: 'passedOver', reason: `${reason} with ${has}.` })
  const names = tasks.join(', ')
  if (tasks.length > 0) note('startupTask', names, `Startup tasks of role ${role} ask ${asks}: ${names}. They run`)
  if (isElevated(roleModel.runtime)) note('entryPoint', '', `The role ${role} asks ${asks}. It runs`)
  return findings
}

function elevatedCertificates({ name: role, certificates }: RoleDefinition): readonly Finding[] {
  const elevated = certificates.filter(({ permissionLevel }) => permissionLevel === 'elevated').map(({ name }) => name)
  if (elevated.length === 0) return []
  const name = elevated.join(', ')
  const reason = `The private keys of role ${role}'s certificates ${name} are for elevated processes only, and all processes of an instance have one account here: the role can read them too.`
  return [{ role, subject: 'certificate', name, verdict: 'passedOver', reason }]
}

function innerEndpoints({ name: role, inputEndpoints }: RoleDefinition): readonly Finding[] {
  return inputEndpoints
    .filter(({ loadBalancer }) => loadBalancer)
    .map(({ name, loadBalancer }) => ({
      role,
      subject: 'endpoint',
      name,
      verdict: 'passedOver',
      reason: `The endpoint ${name} of role ${role} is behind the internal load balancer ${loadBalancer}, which is not made: the endpoint is not public, and reached at its instances alone.`,
    }))
}

/** `plugins\RemoteAccess`: where the tasks of a plug-in run. */
const pluginAt = /^plugins[\\/]([^\\/]+)/i

/** A plug-in is known by its settings too; in a packaged definition its import is expanded to them (service-model.md 5). */
const pluginSetting = /^Microsoft\.WindowsAzure\.Plugins\.([^.]+)\./
