import { controllerName } from '../controller/process.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** Only subjects that the storm has chosen are set aside: any other throw is a defect of an agent (F-27). */
export function setAside({ controller, poison }: World): Checker {
  let seen: unknown
  return {
    name: 'set-aside',
    check(facts) {
      const complaints = facts.flatMap((fact) => {
        if (fact.kind !== 'defect') return nothing
        const { party, subject, during, threw } = fact
        if (subject !== undefined && poison.isChosen(party, subject)) return nothing
        return [`${party} has a defect about ${subject ?? 'a message'} in ${during}: ${threw}`]
      })
      const thrown = controller.state()?.observed.thrown
      if (!thrown || thrown === seen) return complaints
      seen = thrown
      const others = [...thrown].filter(([subject]) => !poison.isChosen(controllerName, subject))
      return [...complaints, ...others.map(([subject, what]) => `${subject} is set aside: ${JSON.stringify(what)}`)]
    },
  }
}
