import { deploymentsNow } from '../picture.ts'
import type { World } from '../world.ts'
import type { ScenarioCommand } from './scenario-command.ts'
import { duration } from './words.ts'

/** A wait for a condition of a transcript ends after this time. */
const longestWaitMs = 4 * 3_600_000

/** Long enough for a request, its answer and its direct effects in calm weather. */
export const answerMs = 50

/** Commands that let time pass. */
export const waitCommands: readonly ScenarioCommand[] = [
  { form: /^wait (\S+)$/, run: (world, [time]) => wait(world, duration(time)) },
  {
    form: /^wait until (\S+) is (\w+)$/,
    run: (world, [service = '', status]) =>
      toward(world, () => deploymentsNow(world, service).some((deployment) => deployment.status === status)),
  },
  {
    form: /^wait until all of (\S+) are (\w+)$/,
    run: (world, [service = '', status]) =>
      toward(world, () => {
        const instances = deploymentsNow(world, service).flatMap((deployment) => deployment.instances)
        return instances.length > 0 && instances.every((instance) => instance.status === status)
      }),
  },
  {
    form: /^wait until (\S+) of (\S+) is (\w+)$/,
    run: (world, [name, service = '', status]) =>
      toward(world, () =>
        deploymentsNow(world, service).some(({ instances }) =>
          instances.some((instance) => instance.name === name && instance.status === status),
        ),
      ),
  },
  {
    form: /^wait until no update of (\S+) is active$/,
    run: (world, [service = '']) =>
      toward(world, () => {
        const deployments = deploymentsNow(world, service)
        return deployments.length > 0 && deployments.every(({ upgrade, locked }) => !upgrade && !locked)
      }),
  },
  {
    form: /^wait until operation (\d+) has ended$/,
    run: (world, [number]) => toward(world, () => hasEnded(world, Number(number))),
  },
  {
    form: /^wait until domain (\d+) of (\S+) is (Before|During)$/,
    run: (world, [domain, service = '', state]) =>
      toward(world, () =>
        deploymentsNow(world, service).some(
          ({ upgrade }) => upgrade?.domain === Number(domain) && upgrade.domainState === state,
        ),
      ),
  },
  {
    form: /^wait until (\S+) has no deployment$/,
    run: (world, [service = '']) =>
      toward(world, () => world.controller.state() !== undefined && deploymentsNow(world, service).length === 0),
  },
]

export function wait({ clock, runUntil }: World, ms: number): void {
  runUntil(clock.now() + ms)
}

/** Lets time pass until the condition holds; the output says so if it never does. */
export function toward(world: World, condition: () => boolean): readonly string[] {
  if (!world.runToward(condition, longestWaitMs)) return ['it did not happen within 4 hours']
  wait(world, answerMs)
  return []
}

function hasEnded({ frontEnd, controller }: World, number: number): boolean {
  const request = [...frontEnd.requests().values()][number - 1]
  const record = request && controller.state()?.stored.operation.get(request.id)
  return record !== undefined && record.status !== 'InProgress'
}
