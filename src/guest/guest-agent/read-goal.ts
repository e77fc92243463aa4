import { readFullConfig } from '../contract/full-config.ts'
import { type GoalRoleInstance, type GoalState, readGoalState } from '../contract/goal-state.ts'
import type { GuestConfiguration } from '../contract/guest-configuration.ts'
import type { GuestFacilities } from './facilities.ts'
import type { Goal } from './state.ts'

/** How often in a row a goal may be replaced while it is being read: goals that come in a burst end before that. */
const attempts = 10

/** The newest goal state with its configuration. Rejects when there is none, or no role instance in it yet. */
export async function readGoal(facilities: GuestFacilities): Promise<Goal> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const goal = await readOnce(facilities)
    if (goal) return goal
  }
  throw new Error(`${attempts} goals came while one was being read`)
}

/** Undefined when a newer goal has arrived between the goal state and its configuration. */
async function readOnce({ get, log }: GuestFacilities): Promise<Goal | undefined> {
  const { roleInstance, ...guest } = readGoalState((await get('/machine/?comp=goalstate')) ?? '')
  if (!roleInstance) throw new Error(`the goal state of incarnation ${guest.incarnation} names no role instance yet`)
  const text = await get(roleInstance.fullConfig)
  if (text === undefined) return undefined
  log.runtime(
    'INFO',
    `Goal state incarnation ${guest.incarnation}: machine ${guest.machine}, role ${roleInstance.state}.`,
  )
  return goalFrom(guest, roleInstance, readFullConfig(text))
}

/** The goal that the documents of one incarnation make together. */
export function goalFrom(
  guest: Omit<GoalState, 'roleInstance'>,
  roleInstance: GoalRoleInstance,
  configuration: GuestConfiguration,
): Goal {
  return {
    incarnation: guest.incarnation,
    containerId: guest.containerId,
    machine: guest.machine,
    role: roleInstance.state,
    stopRolesDeadlineHintMs: guest.stopRolesDeadlineHintMs,
    agentPackage: guest.agentPackage,
    instanceId: roleInstance.instanceId,
    configName: roleInstance.configName,
    certificates: roleInstance.certificates,
    configuration,
  }
}
