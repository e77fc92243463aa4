import { own } from '../../../kernel/own.ts'
import type { ServiceModel } from '../../../service-model/service-model.ts'

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

function isPlugin(relativePath: string | undefined): boolean {
  return pluginAt.test(relativePath ?? '')
}

/** `plugins\RemoteAccess`: where the tasks of a plug-in run. */
export const pluginAt = /^plugins[\\/]([^\\/]+)/i
