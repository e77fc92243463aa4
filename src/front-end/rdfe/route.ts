import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { type Operation, type OperationName, operations } from '../contract/operations.ts'

export interface Route {
  readonly operation: OperationName
  readonly params: Readonly<Record<string, string>>
}

const slots: ReadonlyMap<string, string> = new Map([
  ['production', 'Production'],
  ['staging', 'Staging'],
])

const table = Object.entries(operations).map(([name, operation]: [string, Operation]) => ({
  name: name as OperationName,
  pattern: operation.path.split('/').filter(Boolean),
  ...operation,
}))

/** The operation behind a path, a verb and `comp`: the first thing that is wrong decides the refusal. */
export function route(method: string, segments: Result<readonly string[]>, comp: string | undefined): Result<Route> {
  if (!segments.ok) return segments
  const here = rowsAt(segments.value)
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
  return [...new Set(rowsAt(segments).map((row) => row.method))]
}

function rowsAt(segments: readonly string[]) {
  return table.flatMap((row) => {
    const params = match(row.pattern, segments)
    return params ? [{ ...row, params }] : []
  })
}

/** Values of the variable segments, or undefined when the path is another. Literals match in any case. */
function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  let at = 0
  for (const part of pattern) {
    const segment = segments[at++]
    if (segment === undefined) return undefined
    if (part === '{deployment}') {
      const form = segment.toLowerCase()
      const value = segments[at++]
      if (value === undefined) return undefined
      if (form === 'deployments') params['deployment'] = value
      else if (form !== 'deploymentslots' || !takeSlot(params, value)) return undefined
    } else if (part === '{slot}') {
      if (!takeSlot(params, segment)) return undefined
    } else if (part.startsWith('{')) params[part.slice(1, -1)] = segment
    else if (part !== segment.toLowerCase()) return undefined
  }
  return at === segments.length ? params : undefined
}

function takeSlot(params: Record<string, string>, segment: string): boolean {
  const slot = slots.get(segment.toLowerCase())
  if (slot !== undefined) params['slot'] = slot
  return slot !== undefined
}
