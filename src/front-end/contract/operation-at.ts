import { type Operation, type OperationName, operations } from './operations.ts'

/** An operation whose path fits, whatever its verb and `comp`. */
export interface OperationHere extends Operation {
  readonly name: OperationName
  /** Values of the variable segments. */
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

/** Every operation at a path of these segments, decoded, from behind the subscription on. */
export function operationsAt(segments: readonly string[]): readonly OperationHere[] {
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
