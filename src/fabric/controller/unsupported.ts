import type { ServiceConfiguration } from '../../service-model/configuration.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'

/** Why a package that is in order cannot be run yet; undefined when it can. Each sentence goes when its feature comes. */
export function unsupported({ definition, roleModels }: ServiceModel): string | undefined {
  for (const { name, kind } of definition.roles) {
    if (kind === 'WebRole') return `The role ${name} is a web role; web roles come with a later version of Reddog.`
    const task = roleModels[name]?.tasks.find(
      ({ taskType, relativePath }) => taskType !== 'simple' && !isPlugin(relativePath),
    )
    if (task)
      return `The role ${name} has the ${task.taskType} startup task "${task.commandLine}"; background and foreground tasks come with a later version of Reddog. Make it a simple task.`
  }
  return undefined
}

/** What of a package is passed over for now, as warnings. */
export function passedOver({ roleModels }: ServiceModel): readonly string[] {
  return Object.values(roleModels).flatMap(({ name, tasks }) => {
    const ofPlugins = tasks.filter(({ relativePath }) => isPlugin(relativePath))
    return ofPlugins.length === 0
      ? []
      : [
          `The startup tasks of plug-ins of role ${name} (${ofPlugins.length}) are passed over; plug-ins come with a later version of Reddog.`,
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
  return /^plugins[\\/]/i.test(relativePath ?? '')
}
