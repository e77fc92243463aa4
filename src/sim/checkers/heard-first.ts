import { Set } from 'immutable'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** No host is lost before the controller could have heard it for hostLostAfter (H-37): since it started, or went on after it was stopped. */
export function heardFirst({ clock, controller, timers }: World): Checker {
  let since = clock.now()
  let known = Set<string>()
  return {
    name: 'heard first',
    check(facts) {
      if (facts.some(({ kind }) => kind === 'controllerHears')) since = clock.now()
      const { lost } = controller.state()?.observed ?? { lost: known }
      if (lost === known) return []
      const lostNow = lost.subtract(known)
      known = lost
      const heardMs = clock.now() - since
      if (heardMs >= timers.hostLostAfter) return []
      return lostNow
        .map((host) => `${host} is lost, though the controller could hear it for ${heardMs} ms only`)
        .toArray()
    },
  }
}
