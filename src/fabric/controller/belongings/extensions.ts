import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { ExtensionChoice, ExtensionUse } from '../../contract/extension.ts'
import { deploymentsOf, sameName, spelledAs } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { ExtensionRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'

/** Key of an extension in its table. */
export function extensionKey(service: string, id: string): string {
  return `${service}/${id.toLowerCase()}`
}

/** Extensions of a cloud service, by its key, in the order of their IDs. */
export function extensionsOf(state: FabricState, service: string): readonly ExtensionRecord[] {
  return [...state.stored.extension.values()]
    .filter((extension) => extension.service === service)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/**
 * A choice of extensions for a deployment of the cloud service with these roles, in the model's spelling of their names; refused for a role or
 * an extension that does not exist (11.2). Undefined stays undefined: the request does not mention extensions.
 */
export function chosenExtensions(
  state: FabricState,
  service: string,
  choice: ExtensionChoice | undefined,
  roles: readonly { readonly name: string }[],
): Result<ExtensionChoice | undefined> {
  if (!choice) return fine(undefined)
  const namedRoles = choice.namedRoles.map((named) => ({ ...named, role: spelledAs(roles, named.role) }))
  const stranger = namedRoles.find(({ role }) => !roles.some(({ name }) => name === role))
  if (stranger)
    return refused('BadRequest', `The extension configuration names the role ${stranger.role}, which does not exist.`)
  const unknown = usesOf(choice).find(({ id }) => !state.stored.extension.has(extensionKey(service, id)))
  return unknown
    ? refused('BadRequest', `The extension "${unknown.id}" has not been added to the service. Add it first.`)
    : fine({ ...choice, namedRoles })
}

/** The deployment's extensions after the choice, without the uninstalled ones. Undefined when none is left. */
export function installed(choice: ExtensionChoice | undefined): ExtensionChoice | undefined {
  if (!choice) return undefined
  const kept = (uses: readonly ExtensionUse[]) => uses.filter(({ state }) => state !== 'Uninstall')
  const left: ExtensionChoice = {
    allRoles: kept(choice.allRoles),
    namedRoles: choice.namedRoles
      .map(({ role, extensions }) => ({ role, extensions: kept(extensions) }))
      .filter(({ extensions }) => extensions.length > 0),
  }
  return usesOf(left).length > 0 ? left : undefined
}

/** A sentence for each extension that is switched on: it is kept and shown as in the original, and no guest has anything of it. */
export function extensionWarnings(choice: ExtensionChoice | undefined): readonly string[] {
  const enabled = choice ? usesOf(choice).filter(({ state }) => state === 'Enable') : []
  return [...new Set(enabled.map(({ id }) => id))].map(
    (id) =>
      `The extension "${id}" is stored and shown, and does nothing: no extension runs in guests. What RemoteAccess and Diagnostics do, their plug-ins do here: import them in the service definition.`,
  )
}

/** The deployment of the cloud service that has the extension, in any version, also one that an update is bringing. */
export function userOfExtension(state: FabricState, service: string, id: string): DeploymentRecord | undefined {
  return deploymentsOf(state, service).find(({ versions, request, upgrading }) =>
    [...Object.values(versions), request, upgrading].some((one) =>
      one?.extensions ? usesOf(one.extensions).some((use) => sameName(use.id, id)) : false,
    ),
  )
}

function usesOf({ allRoles, namedRoles }: ExtensionChoice): readonly ExtensionUse[] {
  return [...allRoles, ...namedRoles.flatMap(({ extensions }) => extensions)]
}
