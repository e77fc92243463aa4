import { localResourceDirectory, realPath, roleTempDirectory, rootLetter } from '../contract/guest-paths.ts'
import type { GuestAction } from './actions.ts'
import type { GuestFacilities } from './facilities.ts'
import type { GuestOutcome } from './settle.ts'

/** Starts WaHostBootstrapper. Local storage that is not kept over a recycle is emptied with each start, and so is TEMP (H-26, S-31). */
export async function start(
  { goal, prepared, runs, reason }: Extract<GuestAction, { kind: 'start' }>,
  facilities: GuestFacilities,
): Promise<GuestOutcome> {
  const { settings, log } = facilities
  const { specification } = goal.configuration
  const cleaned = specification.localResources.filter(({ cleanOnRoleRecycle }) => cleanOnRoleRecycle)
  const directories = [
    roleTempDirectory(specification),
    ...cleaned.map(({ name }) => localResourceDirectory(specification, name)),
  ]
  await facilities.emptyDirectories(directories.map((logical) => realPath(settings.root, logical) as string))
  log.runtime('INFO', `WaHostBootstrapper is started: ${reason}`)
  const process = await facilities.startStack({
    settings,
    owner: { deploymentId: specification.deploymentId, role: specification.role },
    instance: specification.instance,
    roleKind: specification.roleKind,
    roleRoot: realPath(settings.root, `${rootLetter(runs.root.number)}:`) as string,
    goal: {
      incarnation: prepared.incarnation,
      state: 'Started',
      roleEnvironmentPath: prepared.environment.path,
      simultaneous: false,
    },
  })
  return { kind: 'started', process }
}
