import { readFullConfig } from '../contract/full-config.ts'
import { readGoalState } from '../contract/goal-state.ts'
import { localResourceDirectory, realPath, roleTempDirectory, rootLetter } from '../contract/guest-paths.ts'
import { type Health, writeHealth } from '../contract/health.ts'
import type { GuestAction } from './decide.ts'
import type { GuestFacilities, HeldReport } from './facilities.ts'
import { contextLines } from './log-line.ts'
import { prepare } from './prepare.ts'
import type { GuestOutcome } from './settle.ts'
import type { Goal } from './state.ts'
import { unpack } from './unpack.ts'

type Effects = {
  readonly [Kind in GuestAction['kind']]: (
    action: Extract<GuestAction, { kind: Kind }>,
    facilities: GuestFacilities,
  ) => Promise<GuestOutcome>
}

const done: GuestOutcome = { kind: 'done' }

/** Size of TEMP (H-26). */
const tempSizeMB = 100

const effects: Effects = {
  fetchGoal: async (_action, facilities) => ({ kind: 'fetched', goal: await fetchGoal(facilities) }),
  async reportChange({ health }, facilities) {
    facilities.log.status('INFO', statusLine(health))
    facilities.log.runtime('INFO', statusLine(health))
    return postHealth(health, facilities)
  },
  async heartbeat({ health, waitMs, inHand }, facilities) {
    facilities.log.status('HEART', 'WindowsAzureGuestAgent Heartbeat.')
    facilities.log.status('INFO', statusLine(health))
    return postHealth(health, facilities, { waitMs, inHand })
  },
  prepare: ({ goal, before }, facilities) =>
    inContext('ConfigureGuest', facilities, async () => ({
      kind: 'prepared',
      prepared: await prepare(goal, before, facilities),
    })),
  unpack: ({ wanted }, facilities) =>
    inContext('UnpackRole', facilities, async () => {
      await unpack(wanted, facilities)
      return done
    }),
  async clear({ letter, reason }, { settings, log, emptyDirectories }) {
    log.runtime('INFO', reason)
    await emptyDirectories([realPath(settings.root, `${letter}:`) as string])
    return done
  },
  start: (action, facilities) => inContext('StartRole', facilities, () => start(action, facilities)),
  tell: ({ goal, reason }, facilities) => {
    const context = goal.state === 'Started' ? 'UpdateRole' : reason.includes('goal') ? 'StopContainer()' : 'StopRole'
    return inContext(context, facilities, async () => {
      facilities.log.runtime('INFO', reason)
      await facilities.tellStack(goal)
      return done
    })
  },
  async kill({ reason }, { log, killStack }) {
    log.runtime('WARN', reason)
    killStack()
    return done
  },
  async replaceAgent({ path, incarnation, reason }, facilities) {
    facilities.log.runtime('INFO', reason)
    return facilities.replaceAgent(path, incarnation)
  },
  measure: ({ goal }, facilities) => measure(goal, facilities),
}

/** Carries an action out: one line of the table for each kind. What goes wrong is an outcome with the sentence. */
export async function perform(action: GuestAction, facilities: GuestFacilities): Promise<GuestOutcome> {
  const effect = effects[action.kind] as (action: GuestAction, facilities: GuestFacilities) => Promise<GuestOutcome>
  try {
    return await effect(action, facilities)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    facilities.log.status('WARN', `${action.kind}: ${message}`)
    return { kind: 'failed', message }
  }
}

async function fetchGoal(facilities: GuestFacilities): Promise<Goal> {
  const goalState = readGoalState(await facilities.get('/machine/?comp=goalstate'))
  const { roleInstance, ...guest } = goalState
  if (!roleInstance) throw new Error(`the goal state of incarnation ${guest.incarnation} names no role instance yet`)
  const configuration = readFullConfig(await facilities.get(roleInstance.fullConfig))
  facilities.log.runtime(
    'INFO',
    `Goal state incarnation ${guest.incarnation}: machine ${guest.machine}, role ${roleInstance.state}.`,
  )
  return {
    incarnation: guest.incarnation,
    containerId: guest.containerId,
    machine: guest.machine,
    role: roleInstance.state,
    stopRolesDeadlineHintMs: guest.stopRolesDeadlineHintMs,
    agentPackage: guest.agentPackage,
    instanceId: roleInstance.instanceId,
    configName: roleInstance.configName,
    configuration,
  }
}

async function postHealth(health: Health, facilities: GuestFacilities, held?: HeldReport): Promise<GuestOutcome> {
  const begun = facilities.now()
  return { kind: 'answered', latest: await facilities.postHealth(writeHealth(health), held), begun }
}

/** Local storage that is not kept over a recycle is emptied with each start, and so is TEMP (H-26, S-31). */
async function start(
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

async function measure({ configuration: { specification } }: Goal, facilities: GuestFacilities): Promise<GuestOutcome> {
  const { settings, log } = facilities
  const directories = [
    { name: 'TEMP', path: roleTempDirectory(specification), sizeInMB: tempSizeMB },
    ...specification.localResources.map(({ name, sizeInMB }) => ({
      name,
      path: localResourceDirectory(specification, name),
      sizeInMB,
    })),
  ]
  const overQuota: string[] = []
  for (const { name, path, sizeInMB } of directories) {
    const bytes = await facilities.measure(realPath(settings.root, path) as string)
    if (bytes <= sizeInMB * 1024 * 1024) continue
    overQuota.push(name)
    log.status(
      'WARN',
      `Local storage ${name} holds ${Math.ceil(bytes / 1024 / 1024)} MB, more than its ${sizeInMB} MB.`,
    )
  }
  return { kind: 'measured', overQuota }
}

function statusLine({ instanceId, state, subStatus, description, goalStateIncarnation }: Health): string {
  const details = description ? ` ${description}` : ''
  return `${instanceId} is ${subStatus ?? state} for incarnation ${goalStateIncarnation}.${details}`
}

async function inContext(
  context: string,
  { guid, log }: GuestFacilities,
  act: () => Promise<GuestOutcome>,
): Promise<GuestOutcome> {
  const activity = guid()
  log.runtime('INFO', contextLines.start(activity, context))
  try {
    return await act()
  } catch (error) {
    log.runtime('ERROR', error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    log.runtime('INFO', contextLines.end(activity, context))
  }
}
