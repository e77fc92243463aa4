import { controller as agent } from '../../fabric/controller/agent.ts'
import { allSubjects } from '../../fabric/controller/state/restore.ts'
import type { Instant } from '../../kernel/instant.ts'
import { controllerName } from '../controller/process.ts'
import { isHeldUp } from '../held-up.ts'
import type { World } from '../world.ts'
import { type Checker, lookEveryMs, nothing } from './checker.ts'

/** Longer than any action of the controller takes (facilities/controller.ts). */
const longestMs = 1_500

/** While a subject is set aside, due actions for all others begin: an action that stays due is waiting (F-27). */
export function nobodyWaits(world: World): Checker {
  const { clock, controller, poison } = world
  let nextLook: Instant = 0
  let run: Instant | undefined
  let due = new Map<string, Instant>()
  return {
    name: 'nobody-waits',
    check() {
      const state = controller.state()
      const now = clock.now()
      const isSick = poison.subjects(controllerName).length > 0
      if (!state || !isSick || isHeldUp(world) || run !== state.startedAt) {
        run = state?.startedAt
        due = new Map()
        return nothing
      }
      if (now < nextLook) return nothing
      nextLook = now + lookEveryMs
      const healthy = allSubjects(state).filter((subject) => !poison.isChosen(controllerName, subject))
      const keys = healthy.flatMap((subject) =>
        agent.decide(state, subject, controller.now()).actions.map(({ key, reason }) => `${key}: ${reason}`),
      )
      due = new Map(keys.map((key) => [key, due.get(key) ?? now]))
      return [...due].flatMap(([key, since]) =>
        now - since < longestMs ? [] : [`${key} has been due for ${now - since} ms, and nothing has come of it`],
      )
    },
  }
}
