import { own } from '../../kernel/own.ts'
import type { ServiceModel } from '../service-model.ts'
import type { Finding } from './finding.ts'

/** What of a package that is in order cannot be run yet, all of it: a fabric refuses it. Each sentence goes when its feature comes. */
export function unsupported({ definition, roleModels }: ServiceModel): readonly Finding[] {
  return definition.roles
    .filter(({ kind, name, sites }) => kind === 'WebRole' && !(own(roleModels, name)?.sites ?? sites))
    .map(({ name }) => ({
      role: name,
      subject: 'role',
      name,
      verdict: 'cannotRun',
      reason: `The web role ${name} has no Sites, so that it would run in hosted web core, which comes with a later version of Reddog. Give it a Sites element.`,
    }))
}
