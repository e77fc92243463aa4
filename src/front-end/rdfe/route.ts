import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { operationsAt } from '../contract/operation-at.ts'
import type { OperationName } from '../contract/operations.ts'

export interface Route {
  readonly operation: OperationName
  readonly params: Readonly<Record<string, string>>
}

/** The operation behind a path, a verb and `comp`: the first thing that is wrong decides the refusal. */
export function route(method: string, segments: Result<readonly string[]>, comp: string | undefined): Result<Route> {
  if (!segments.ok) return segments
  const here = operationsAt(segments.value)
  if (here.length === 0) return refusals.noSuchPath(`/${segments.value.join('/')}`)
  const withVerb = here.filter((row) => row.method === method)
  if (withVerb.length === 0) return refusals.wrongVerb(method, verbsAt(segments.value))
  const comps = withVerb.flatMap((row) => row.comp ?? [])
  // A parameter that nothing here asks for is ignored.
  const wanted = comps.length > 0 && comp ? comp.toLowerCase() : undefined
  const found = withVerb.find((row) => row.comp === wanted)
  return found
    ? fine({ operation: found.name, params: found.params })
    : refusals.wrongQuery('comp', comp || undefined, comps)
}

/** The verbs that a path takes. */
export function verbsAt(segments: readonly string[]): readonly string[] {
  return [...new Set(operationsAt(segments).map((row) => row.method))]
}
