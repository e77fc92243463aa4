import type { AST } from '@eslint-community/regexpp'
import { type Budget, OverBudget, type Pattern } from './pattern.ts'
import { folded, type Instruction, programOf } from './program.ts'

/** Most places to come back to that are stored at a time: some tens of megabytes. Origin: choice. */
const mostWaiting = 200_000

/** A pattern with all of ECMAScript's features, which tries one way after the other and counts each step (I-55). */
export function backtrackingPattern(tree: AST.Pattern, ignoreCase: boolean): Pattern {
  const { instructions, groups, slots } = programOf(tree, ignoreCase)
  const empty: Slots = Array.from({ length: slots }, () => -1)
  return {
    find(text, from, budget) {
      const run: Run = { text, budget, ignoreCase }
      for (let start = from; start <= text.length; start += 1) {
        const found = fit(run, instructions, start, empty)
        if (!found) continue
        const captures = Array.from({ length: groups + 1 }, (_, group) => captured(text, found, group))
        return { index: start, end: found[1] as number, captures }
      }
      return undefined
    },
  }
}

interface Run {
  readonly text: string
  readonly budget: Budget
  readonly ignoreCase: boolean
}

type Slots = readonly number[]

function captured(text: string, slots: Slots, group: number): string {
  const [start = -1, end = -1] = slots.slice(2 * group, 2 * group + 2)
  return start < 0 || end < 0 ? '' : text.slice(start, end)
}

/** The slots at the end of the first way through the program, undefined when there is none. */
function fit(run: Run, program: readonly Instruction[], start: number, given: Slots): Slots | undefined {
  const waiting: (readonly [next: number, place: number, slots: Slots])[] = []
  let [next, place, slots] = [0, start, given]
  for (;;) {
    run.budget.left -= 1
    if (run.budget.left < 0 || waiting.length > mostWaiting) throw new OverBudget()
    const instruction = program[next]
    if (!instruction) return slots
    next += 1
    if (instruction.kind === 'jump') next = instruction.to
    else if (instruction.kind === 'either') {
      waiting.push([instruction.second, place, slots])
      next = instruction.first
    } else if (instruction.kind === 'save' || instruction.kind === 'forget')
      slots = noted(run, instruction, place, slots)
    else if (instruction.kind === 'look') {
      const seen = fit(run, instruction.program, place, slots)
      if (!instruction.negate && seen) slots = seen
      else if (!instruction.negate || seen) place = -1
    } else place = moved(run, instruction, place, slots)
    if (place >= 0) continue
    const back = waiting.pop()
    if (!back) return undefined
    ;[next, place, slots] = back
  }
}

/** Slots are copied, for they may be come back to; a copy costs by its length. */
function noted(
  { budget }: Run,
  instruction: Extract<Instruction, { readonly kind: 'save' | 'forget' }>,
  place: number,
  slots: Slots,
): Slots {
  const copy = [...slots]
  budget.left -= copy.length >> 4
  if (instruction.kind === 'save') copy[instruction.slot] = place
  else for (const slot of instruction.slots) copy[slot] = -1
  return copy
}

type Moving = Extract<Instruction, { readonly kind: 'take' | 'progress' | 'edge' | 'again' }>

/** Where the text is after the instruction; -1 when it does not fit there. */
function moved(run: Run, instruction: Moving, place: number, slots: Slots): number {
  const { text } = run
  switch (instruction.kind) {
    case 'take': {
      const at = instruction.isBackward ? place - 1 : place
      if (at < 0 || at >= text.length || !instruction.fits(text.charCodeAt(at))) return -1
      return instruction.isBackward ? at : at + 1
    }
    case 'progress':
      return slots[instruction.slot] === place ? -1 : place
    case 'edge':
      return isEdge(text, instruction.edge, place) === instruction.negate ? -1 : place
    case 'again':
      return repeated(run, instruction, place, slots)
  }
}

function isEdge(text: string, edge: 'start' | 'end' | 'word', place: number): boolean {
  if (edge !== 'word') return place === (edge === 'start' ? 0 : text.length)
  const isWord = (at: number) => /\w/.test(text.charAt(at))
  return isWord(place - 1) !== isWord(place)
}

/** What a group has captured, once more; a group that took no part is empty. */
function repeated(
  { text, budget, ignoreCase }: Run,
  { groups, isBackward }: Extract<Instruction, { readonly kind: 'again' }>,
  place: number,
  slots: Slots,
): number {
  const wanted = groups.map((group) => captured(text, slots, group)).find((value) => value !== '') ?? ''
  budget.left -= wanted.length
  const start = isBackward ? place - wanted.length : place
  if (start < 0 || start + wanted.length > text.length) return -1
  for (let at = 0; at < wanted.length; at += 1)
    if (folded(text.charCodeAt(start + at), ignoreCase) !== folded(wanted.charCodeAt(at), ignoreCase)) return -1
  return isBackward ? start : start + wanted.length
}
