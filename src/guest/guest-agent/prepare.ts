import { writeRoleEnvironment } from '../../service-model/role-environment.ts'
import { roleEnvironmentName } from '../contract/config-name.ts'
import { writeFullConfig } from '../contract/full-config.ts'
import {
  agentPackagesDirectory,
  configDirectory,
  diagnosticStore,
  eventLogDirectory,
  guestLogs,
  logsDirectory,
  realPath,
  resourcesDirectory,
  roleDirectory,
} from '../contract/guest-paths.ts'
import type { GuestSpecification } from '../contract/guest-specification.ts'
import { localStorageOf } from '../contract/local-storage.ts'
import type { GuestFacilities } from './facilities.ts'
import { roleEnvironmentOf } from './role-environment-of.ts'
import type { Goal, Prepared } from './state.ts'

/** Directories and configuration of a goal, in the order of S-8. Existing content stays (S-9, H-26). */
export async function prepare(
  goal: Goal,
  before: Prepared | undefined,
  facilities: GuestFacilities,
): Promise<Prepared> {
  const { settings, log } = facilities
  const { specification } = goal.configuration
  const real = (logical: string) => realPath(settings.root, logical) as string
  await facilities.makeDirectories(directoriesOf(goal).map(real))
  linkAliases(specification, facilities)

  const config = `${configDirectory}\\${goal.configName}`
  facilities.writeFile(real(config), writeFullConfig(goal.configuration))
  log.runtime('INFO', `New configuration file ${config}.`)
  const prepared = preparedFor(goal, before, settings.root)
  const { environment } = prepared
  if (environment !== before?.environment) facilities.writeFile(environment.path, environment.text)
  return prepared
}

/** The input for preparing a goal: the same role environment document as before while its content is the same, else the next one. */
export function preparedFor(goal: Goal, before: Prepared | undefined, root: string): Prepared {
  const { incarnation, configuration } = goal
  const { specification } = configuration
  const text = writeRoleEnvironment(roleEnvironmentOf(specification, root))
  if (before?.environment.text === text) return { incarnation, environment: before.environment }
  const number = (before?.environment.number ?? 0) + 1
  const path = realPath(root, `${configDirectory}\\${roleEnvironmentName(specification, number)}`) as string
  return { incarnation, environment: { number, path, text } }
}

function directoriesOf({ configuration: { specification } }: Goal): readonly string[] {
  return [
    configDirectory,
    logsDirectory,
    eventLogDirectory,
    agentPackagesDirectory,
    roleDirectory(specification),
    diagnosticStore(specification),
    ...localStorageOf(specification).map(({ path }) => path),
  ]
}

/** Places where people trained on later guidance look (G-11). */
function linkAliases(specification: GuestSpecification, { settings, link }: GuestFacilities): void {
  const logs = guestLogs(specification)
  const inStore = (name: string) => [name, `${diagnosticStore(specification)}\\${name}.log`] as const
  const aliases = [
    ['WaHostBootstrapper', `${resourcesDirectory}\\WaHostBootstrapper.log`] as const,
    ...(specification.roleKind === 'WebRole' ? ['WaIISHost', 'IISConfigurator'].map(inStore) : []),
  ]
  for (const [name, logical] of aliases) {
    const { path = '' } = logs.find((log) => log.name === name) ?? {}
    const [alias, target] = [realPath(settings.root, logical), realPath(settings.root, path)]
    if (alias && target) link(alias, target)
  }
}
