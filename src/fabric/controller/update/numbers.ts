import { own } from '../../../kernel/own.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import type { ServiceDefinition } from '../../../service-model/definition.ts'
import type { Numbers } from '../places/allocate.ts'

/** Numbers of each role's instances for the counts of a configuration: new ones are next, the highest go first. */
export function numbersFor(
  definition: ServiceDefinition,
  configuration: ServiceConfiguration,
  former: Numbers,
): Numbers {
  return Object.fromEntries(
    definition.roles.map(({ name }) => {
      const count = configuration.roles.find((role) => role.name === name)?.instances ?? 0
      return [name, resized(own(former, name) ?? [], count)]
    }),
  )
}

/** Whether two versions have the same instances. */
export function sameNumbers(one: Numbers, other: Numbers): boolean {
  const [mine, theirs] = [Object.entries(one), Object.entries(other)]
  return mine.length === theirs.length && mine.every(([role, list]) => list.join() === own(other, role)?.join())
}

function resized(former: readonly number[], count: number): readonly number[] {
  const next = (former.at(-1) ?? -1) + 1
  const added = Array.from({ length: Math.max(0, count - former.length) }, (_, index) => next + index)
  return [...former.slice(0, count), ...added]
}
