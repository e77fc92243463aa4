import { fine, type Result, refused } from '../kernel/fault.ts'
import { expandVariables, longestFilled, longestVariable, meant } from './command-line/expand.ts'
import { turned } from './command-line/quote.ts'
import type { Variable } from './definition.ts'
import type { RoleEnvironment } from './role-environment.ts'
import { evaluateXpath } from './xpath.ts'

/**
 * A task's or the runtime's own variables, laid over the platform's. Names are compared ignoring case; `%NAME%` of the
 * variables so far is filled in, as the original's system did (role-runtime.md 9). One whose xpath names nothing stays unset
 * (2.14 of service-model.md). One that has grown too long is refused.
 */
export function layVariables(
  platform: Readonly<Record<string, string>>,
  variables: readonly Variable[],
  environment: RoleEnvironment,
): Result<Readonly<Record<string, string>>> {
  // A map, since a variable may have any name.
  const all = new Map(Object.entries(platform))
  for (const variable of variables) {
    const name = [...all.keys()].find((known) => known.toLowerCase() === variable.name.toLowerCase()) ?? variable.name
    const value = 'xpath' in variable ? evaluateXpath(variable.xpath, environment) : filledIn(name, variable.value, all)
    if (!value.ok) return value
    if (value.value !== undefined) all.set(name, value.value)
  }
  return fine(Object.fromEntries(all))
}

/** A value with variables in it is the path of something here: its `\` are turned, and PATH is parted by colons. */
function filledIn(name: string, value: string, variables: ReadonlyMap<string, string>): Result<string> {
  const expanded = meant(expandVariables(value, Object.fromEntries(variables)))
  if (expanded.length > longestFilled(value))
    return refused(
      'BadRequest',
      `The variable ${name} has more than ${longestVariable} characters when the variables in it are filled in; shorten their values`,
    )
  if (expanded === value) return fine(value)
  return fine(name === 'PATH' ? turned(expanded.replaceAll(';', ':')) : turned(expanded))
}
