import { deploymentSubject } from '../../fabric/controller/subject.ts'
import { controllerName } from '../controller/process.ts'
import { isHeldUp } from '../held-up.ts'
import type { World } from '../world.ts'
import { type Checker, lookEveryMs, nothing } from './checker.ts'

/** Longer than a due decision takes. */
const deciding = 2_000

/**
 * Whatever clients hold open, an instance that is to stop is sent the stop after drainLimit (design.md 9.3), or earlier if only streams are left
 * (L-19).
 */
export function drainsEnd(world: World): Checker {
  const { clock, controller, poison, timers } = world
  const limitMs = timers.rotationOutLimit + timers.drainLimit + deciding
  let lastLook = controller.now()
  let ahead = lastLook - clock.now()
  return {
    name: 'drains-end',
    check() {
      const now = controller.now()
      const state = controller.state()
      if (!state || isHeldUp(world) || Math.abs(lastLook - now) < lookEveryMs) return nothing
      // When a clock was set, the controller moves its observed moments as soon as it decides (H-37).
      const isSet = Math.abs(now - clock.now() - ahead) > deciding
      lastLook = now
      ahead = now - clock.now()
      if (isSet) return nothing
      return [...state.observed.leaving].flatMap(([key, { since }]) => {
        const deployment = state.stored.instance.get(key)?.deployment
        if (!deployment || poison.isChosen(controllerName, deploymentSubject(deployment))) return []
        return now - since > limitMs ? [`${key} has been on its way out of rotation for ${now - since} ms`] : []
      })
    },
  }
}
