import { type Change, dotted } from './read-parameter.ts'
import { codes, Refusal } from './refusal.ts'

/** The value of a parameter without items, by its name in lower case. */
export function valueOf(changes: readonly Change[], name: string): string | undefined {
  return changes.find((change) => change.kind === 'set' && dotted(change.steps)?.toLowerCase() === name)?.value
}

/** The same, where the command is nothing without it. Throws a Refusal. */
export function needed(changes: readonly Change[], name: string): string {
  const value = valueOf(changes, name)
  if (value === undefined || value === '')
    throw new Refusal(codes.badParameter, `The parameter "${name}" must be specified.`)
  return value
}

/** `/site.name:X` and similar parameters select an object. */
export function isName({ kind, steps }: Change): boolean {
  return kind === 'set' && /^(?:site|app|vdir|apppool)\.name$/i.test(dotted(steps) ?? '')
}
