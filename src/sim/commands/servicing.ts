import { servicingProgress } from '../../fabric/controller/servicing/progress.ts'
import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import { hostsNow, pictureOfSystems } from '../picture.ts'
import { ask } from './asking.ts'
import type { ScenarioCommand } from './scenario-command.ts'
import { toward } from './waiting.ts'

/** Commands of the operator who services hosts and guest operating systems (H-21, H-22). */
export const servicingCommands: readonly ScenarioCommand[] = [
  { form: /^drain (\S+)$/, run: (world, [host = '']) => ask(world, { kind: 'drainHost', host }) },
  { form: /^give back (\S+)$/, run: (world, [host = '']) => ask(world, { kind: 'endDrain', host }) },
  { form: /^release the brake$/, run: (world) => ask(world, { kind: 'releaseBrake' }) },
  { form: /^release guest OS (\d+)$/, run: (world, [family]) => [world.releaseSystem(Number(family))] },
  { form: /^systems of (\S+)$/, run: (world, [service = '']) => pictureOfSystems(world, service) },
  {
    form: /^wait until the host (\S+) is (\w+)$/,
    run: (world, [name, state]) =>
      toward(world, () => hostsNow(world).some((host) => host.name === name && host.state === state)),
  },
  {
    form: /^wait until no servicing of (\S+) is active$/,
    run: (world, [service]) =>
      toward(world, () => {
        const state = world.controller.state()
        const deployments = [...(state?.stored.deployment.values() ?? [])].filter((one) => one.service === service)
        const isIdle = (one: DeploymentRecord) =>
          state !== undefined && servicingProgress(state, one, world.clock.now()).kind === 'idle'
        return deployments.length > 0 && deployments.every(isIdle)
      }),
  },
]
