import { type Operation, type OperationName, operations } from '../../front-end/contract/operations.ts'
import { exitCodes, Failure } from '../failure.ts'

/**
 * Path and query of an operation, from behind the subscription on: `/services/hostedservices/x?comp=…`. `at` fills the places of its
 * path: a name as it is, `deployment` in its form `deploymentslots/<slot>`. Throws a Failure for a name that no path can carry.
 */
export function targetOf(
  name: OperationName,
  at: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): string {
  const operation: Operation = operations[name]
  const path = operation.path.replace(/\{(\w+)\}/g, (_, place: string) =>
    // Only this path is made here, of two segments; all others are names that a user typed.
    place === 'deployment' ? (at[place] ?? '') : segment(place, at[place] ?? ''),
  )
  const asked = new URLSearchParams({ ...(operation.comp ? { comp: operation.comp } : {}), ...query }).toString()
  return `${path && `/${path}`}${asked && `?${asked}`}`
}

/** A name as one segment of a path. The parser of URLs takes dots for directories even when they are encoded. */
function segment(place: string, name: string): string {
  if (name !== '' && name !== '.' && name !== '..') return encodeURIComponent(name)
  throw new Failure(`"${name}" is no name of a ${place}. Write its name.`, exitCodes.wrongUse)
}
