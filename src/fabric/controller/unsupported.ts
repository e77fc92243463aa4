import { own } from '../../kernel/own.ts'
import type { ServiceConfiguration } from '../../service-model/configuration.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'

/** Why a package that is in order cannot be run yet; undefined when it can. Each sentence goes when its feature comes. */
export function unsupported({ definition, roleModels }: ServiceModel): string | undefined {
  for (const { name, kind } of definition.roles) {
    if (kind === 'WebRole') return `The role ${name} is a web role; web roles come with a later version of Reddog.`
    const task = own(roleModels, name)?.tasks.find(
      ({ taskType, relativePath }) => taskType !== 'simple' && !isPlugin(relativePath),
    )
    if (task)
      return `The role ${name} has the ${task.taskType} startup task "${task.commandLine}"; background and foreground tasks come with a later version of Reddog. Make it a simple task.`
  }
  return undefined
}

/** What of a package is passed over for now, as warnings. */
export function passedOver({ definition, roleModels }: ServiceModel): readonly string[] {
  return definition.roles.flatMap(({ name, settings }) => {
    const ofTasks = roleModels[name]?.tasks.map(({ relativePath }) => pluginAt.exec(relativePath ?? '')?.[1]) ?? []
    const ofSettings = settings.map((setting) => pluginSetting.exec(setting)?.[1])
    const plugins = new Set([...ofTasks, ...ofSettings].filter((plugin) => plugin !== undefined))
    return plugins.size === 0
      ? []
      : [
          `The plug-ins of role ${name} (${[...plugins].join(', ')}) are passed over; plug-ins come with a later version of Reddog.`,
        ]
  })
}

/** What of a configuration is passed over for now, as warnings. */
export function passedOverOf({ roles }: ServiceConfiguration): readonly string[] {
  return roles
    .filter(({ certificates }) => certificates.length > 0)
    .map(
      ({ name, certificates }) =>
        `The certificates of role ${name} (${certificates.length}) are kept, and not installed in its instances yet; that comes with a later version of Reddog.`,
    )
}

function isPlugin(relativePath: string | undefined): boolean {
  return pluginAt.test(relativePath ?? '')
}

/** `plugins\RemoteAccess`: where the tasks of a plug-in run. */
const pluginAt = /^plugins[\\/]([^\\/]+)/i

/** A plug-in is known by its settings too; in a packaged definition its import is expanded to them (service-model.md 5). */
const pluginSetting = /^Microsoft\.WindowsAzure\.Plugins\.([^.]+)\./
