import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { own } from '../../../kernel/own.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { withInstanceCounts } from '../../../service-model/write-configuration.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import type { Numbers } from '../places/allocate.ts'
import { instancesOf, sameName, versionOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { begin } from '../update/begin.ts'
import { beginUpdate } from '../update/begin-update.ts'
import { isMember } from '../update/change.ts'
import { findChangeable } from '../update/changeable.ts'
import { reconfiguredVersion } from '../update/version.ts'

/** D-23, A-31: a change of configuration with lower counts, in which these instances go instead of the highest ones. */
export function deleteInstances(
  state: FabricState,
  command: CommandOf<'deleteInstances'>,
  request: Request,
): Result<Accepted> {
  const found = findChangeable(state, request.subscriptionId, command.deployment)
  if (!found.ok) return found
  const former = found.value
  const { version, package: kept } = versionOf(state, former, former.current)
  const named = namedInstances(state, former, command.instances)
  if (!named.ok) return named
  const numbers = without(version.numbers, named.value)
  const emptied = named.value.find(({ role }) => own(numbers, role)?.length === 0)
  if (emptied)
    return refused(
      'BadRequest',
      `All role instances of the role ${emptied.role} would be deleted. Leave at least one, or delete the deployment.`,
    )
  const touchedRoles = new Set(named.value.map(({ role }) => role))
  const counts = Object.fromEntries([...touchedRoles].map((role) => [role, own(numbers, role)?.length ?? 0]))
  const configurationText = withInstanceCounts(version.configurationText, counts)
  const configuration = readConfiguration(configurationText).value
  if (!configuration) throw new Error('a configuration that was accepted cannot be read any more')
  const { label, extensions } = version
  const configured = { configuration, configurationText, label, extensions }
  const { definition } = kept.model
  const next = {
    id: request.requestId,
    kind: 'configuration',
    mode: 'Auto',
    onFailure: 'hold',
    version: reconfiguredVersion(version, definition, configured, former.lastVersion + 1, numbers),
    definition,
  } as const
  const begun = begin(state, former, next, request.now)
  return begun.ok ? fine(beginUpdate(state, former, begun.value, request)) : begun
}

function namedInstances(
  state: FabricState,
  { id, current, versions }: DeploymentRecord,
  names: readonly string[],
): Result<readonly InstanceRecord[]> {
  const version = versions[current]
  const members = instancesOf(state, id).filter((one) => version && isMember(version, one))
  const found = names.map((name) => members.find((one) => sameName(one.name, name)))
  const unknown = names.find((_, index) => !found[index])
  if (names.length === 0) return refused('BadRequest', 'No role instance to delete is named.')
  if (unknown !== undefined) return refused('BadRequest', `The role instance '${unknown}' does not exist.`)
  return fine(found.flatMap((one) => one ?? []))
}

function without(numbers: Numbers, gone: readonly InstanceRecord[]): Numbers {
  return Object.fromEntries(
    Object.entries(numbers).map(([role, list]) => [
      role,
      list.filter((index) => !gone.some((one) => one.role === role && one.index === index)),
    ]),
  )
}
