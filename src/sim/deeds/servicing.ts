import type { World } from '../world.ts'
import type { Deed } from './deed.ts'

/** What the operator of the platform does. */
export const servicingDeeds: readonly Deed[] = [
  { weight: 6, run: drain },
  { weight: 8, run: (world) => giveBack(world)[0] },
  { weight: 2, run: release },
]

function drain({ random, hosts, frontEnd }: World): string {
  const host = random.pick([...hosts.keys()])
  frontEnd.send({ kind: 'drainHost', host })
  return `drain ${host}`
}

/** Gives back the host that is being serviced, if there is one. */
export function giveBack({ controller, frontEnd }: World): readonly string[] {
  const host = controller.state()?.derived.serviced
  if (host === undefined) return []
  frontEnd.send({ kind: 'endDrain', host })
  return [`give back ${host}`]
}

/** Services are on family 4, some later on 5. */
function release(world: World): string {
  return `${world.releaseSystem(world.random.pick([4, 4, 5]))} is released, and another master takes over`
}
