import type { ExtensionChoice, ExtensionUse } from '../../fabric/contract/extension.ts'
import type { Deployment } from '../contract/wire/deployment.ts'
import type { Call } from './call.ts'
import { known } from './known-elements.ts'

type Configuration = Exclude<Deployment['extensionConfiguration'], undefined>

/** The extensions of a request in the fabric's words; undefined when the request does not speak of them (11.2), or its version cannot. */
export function choiceOf(call: Call, given: Configuration | undefined): ExtensionChoice | undefined {
  const configuration = known(call, 'extensionConfiguration', given, undefined)
  const used = (uses: readonly ExtensionUse[]) =>
    uses.map(({ id, state }) => ({ id, state: known(call, 'extensionState', state, 'Enable') }))
  return (
    configuration && {
      allRoles: used(configuration.allRoles ?? []),
      namedRoles: configuration.namedRoles.map(({ roleName, extensions }) => ({
        role: roleName,
        extensions: used(extensions),
      })),
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
