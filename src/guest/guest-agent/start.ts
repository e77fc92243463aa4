import type { BootstrapperStart } from '../bootstrapper/protocol.ts'
import { realPath, rootLetter } from '../contract/guest-paths.ts'
import type { GuestSettings } from '../contract/guest-settings.ts'
import { localStorageOf } from '../contract/local-storage.ts'
import type { GuestAction } from './action.ts'
import { installCertificates } from './certificates.ts'
import type { GuestFacilities } from './facilities.ts'
import type { GuestOutcome } from './settle.ts'

type StartAction = Extract<GuestAction, { kind: 'start' }>

/** Starts WaHostBootstrapper. Local storage that does not survive a recycle is emptied at each start, and so is TEMP (H-26, S-31). */
export async function start(action: StartAction, facilities: GuestFacilities): Promise<GuestOutcome> {
  const { settings, log } = facilities
  const cleaned = localStorageOf(action.goal.configuration.specification).filter(({ isKept }) => !isKept)
  await facilities.emptyDirectories(cleaned.map(({ path }) => realPath(settings.root, path) as string))
  await installCertificates(action.goal, facilities)
  log.runtime('INFO', `WaHostBootstrapper is started: ${action.reason}`)
  return { kind: 'started', process: await facilities.startStack(bootstrapperStart(action, settings)) }
}

/** All that a bootstrapper is started with. */
export function bootstrapperStart({ goal, prepared, runs }: StartAction, settings: GuestSettings): BootstrapperStart {
  const { specification } = goal.configuration
  const endpoints = specification.topology[0]?.endpoints ?? []
  return {
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
    certificates: Object.fromEntries(
      endpoints.flatMap(({ name, certificateThumbprint }) =>
        certificateThumbprint === undefined ? [] : [[name, certificateThumbprint] as const],
      ),
    ),
  }
}
