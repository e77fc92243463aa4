import type { ExtensionChoice } from '../../fabric/contract/extension.ts'
import type { Deployment } from '../contract/wire/deployment.ts'

type Configuration = Exclude<Deployment['extensionConfiguration'], undefined>

/** The extensions of a request in the fabric's words; undefined when the request does not speak of them (11.2). */
export function choiceOf(configuration: Configuration | undefined): ExtensionChoice | undefined {
  return (
    configuration && {
      allRoles: configuration.allRoles ?? [],
      namedRoles: configuration.namedRoles.map(({ roleName, extensions }) => ({ role: roleName, extensions })),
    }
  )
}

/** The extensions of a deployment as answers show them: left out when there are none (D-6). */
export function configurationOf(choice: ExtensionChoice | undefined): Configuration | undefined {
  return (
    choice && {
      allRoles: choice.allRoles.length > 0 ? choice.allRoles : undefined,
      namedRoles: choice.namedRoles.map(({ role, extensions }) => ({ roleName: role, extensions })),
    }
  )
}
