import { own } from '../../kernel/own.ts'
import { objectionsTo } from '../role-plan.ts'
import type { ServiceModel } from '../service-model.ts'
import type { Finding } from './finding.ts'

/** What of a package that is in order cannot be run yet, all of it: a fabric refuses it. Each sentence goes when its feature comes. */
export function unsupported({ definition, roleModels, entryPointFiles }: ServiceModel): readonly Finding[] {
  return definition.roles.flatMap(({ name: role, kind, sites }): readonly Finding[] => {
    const model = own(roleModels, role)
    const objections = model ? objectionsTo(model, own(entryPointFiles, role) ?? '') : []
    const web: Finding = {
      role,
      subject: 'role',
      name: role,
      verdict: 'cannotRun',
      reason: `The role ${role} is a web role; web roles come with a later version of Reddog.`,
    }
    return [
      ...(kind === 'WebRole' || sites ? [web] : []),
      ...objections
        .filter(({ subject }) => subject === 'startupTask')
        .map(({ subject, name, why }): Finding => ({ role, subject, name, verdict: 'cannotRun', reason: why })),
    ]
  })
}
