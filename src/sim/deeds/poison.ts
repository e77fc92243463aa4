import { deploymentSubject } from '../../fabric/controller/subject.ts'
import { containerSubject } from '../../host/agent/message.ts'
import { controllerName } from '../controller/process.ts'
import { type ThinkingPart, thinkingParts } from '../guest/guest-part.ts'
import type { World } from '../world.ts'
import { anyDeployment, type Deed } from './deed.ts'

/** A defect that only one subject triggers (F-27), for a while, or until it is deleted. */
export const poisonDeeds: readonly Deed[] = [
  { weight: 2, run: poisonDeployment },
  { weight: 1, run: poisonContainer },
  { weight: 8, run: poisonGuest },
]

const spansMs = [500, 20_000, 300_000] as const

function poisonDeployment(world: World): string | undefined {
  const { random, poison, clock } = world
  const deployment = anyDeployment(world)
  if (!deployment) return undefined
  const subject = deploymentSubject(deployment.id)
  const during = random.pick(['decide', 'decide', 'settle'] as const)
  poison.give(controllerName, subject, during)
  const what = `${during === 'decide' ? 'decisions about' : 'what comes of actions about'} ${deployment.name}`
  if (random.chance(0.3)) return `${what} throw until it is deleted`
  const ms = random.pick(spansMs)
  clock.schedule(clock.now() + ms, () => poison.end(controllerName, subject))
  return `${what} throw for ${ms / 1_000} s`
}

function poisonContainer({ random, poison, hosts, clock }: World): string | undefined {
  const host = random.pick([...hosts.values()])
  const containers = [...(host.agent()?.containers.values() ?? [])]
  if (containers.length === 0) return undefined
  const { containerId, key } = random.pick(containers).record
  const subject = containerSubject(containerId)
  poison.give(host.name, subject, random.pick(['decide', 'settle'] as const))
  const ms = random.pick(spansMs)
  clock.schedule(clock.now() + ms, () => poison.end(host.name, subject))
  return `${host.name} cannot think about ${key} for ${ms / 1_000} s`
}

function poisonGuest({ random, poison, hosts, clock }: World): string | undefined {
  const guests = [...hosts.values()].flatMap(({ machine }) => machine.guests())
  if (guests.length === 0) return undefined
  const { key } = random.pick(guests)
  const part = random.pick(Object.keys(thinkingParts) as ThinkingPart[])
  const [party, subject] = [`${part} of ${key}`, thinkingParts[part]]
  poison.give(party, subject, 'decide')
  const ms = random.pick(spansMs)
  clock.schedule(clock.now() + ms, () => poison.end(party, subject))
  return `the ${party} cannot think everything through for ${ms / 1_000} s`
}

/** The operator deletes what is set aside and will not recover. */
export function deletePoisoned({ controller, frontEnd, poison }: World): readonly string[] {
  const deployments = [...(controller.state()?.stored.deployment.values() ?? [])]
  const bad = new Set(poison.subjects(controllerName))
  return deployments
    .filter(({ id, wanted }) => bad.has(deploymentSubject(id)) && wanted !== 'Deleted')
    .map(({ service, slot, name }) => {
      frontEnd.send({ kind: 'deleteDeployment', deployment: { service, slot } })
      return `the operator deletes ${name}, which is set aside`
    })
}
