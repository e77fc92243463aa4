import type { AST } from '@eslint-community/regexpp'
import { groupsOf } from './features.ts'
import { BadPattern } from './pattern.ts'

/** One step of a program that `run` takes; places of captures and of rounds are in one list of slots. */
export type Instruction =
  | { readonly kind: 'take'; readonly fits: (code: number) => boolean; readonly isBackward: boolean }
  | { readonly kind: 'either'; first: number; second: number }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'forget'; readonly slots: readonly number[] }
  | { readonly kind: 'progress'; readonly slot: number }
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' | 'word'; readonly negate: boolean }
  | { readonly kind: 'look'; readonly program: readonly Instruction[]; readonly negate: boolean }
  | { readonly kind: 'again'; readonly groups: readonly number[]; readonly isBackward: boolean }

export interface Program {
  readonly instructions: readonly Instruction[]
  readonly groups: number
  readonly slots: number
}

/** Instructions of a pattern: repetitions are written out. Origin: choice. */
const mostInstructions = 20_000

/** A pattern as a program for the matcher that counts its steps. Throws BadPattern when it is too large. */
export function programOf(tree: AST.Pattern, ignoreCase: boolean): Program {
  const groups = tree.alternatives.flatMap(({ elements }) => elements.flatMap(groupsOf))
  const writer: Writer = {
    instructions: [{ kind: 'save', slot: 0 }],
    numbers: new Map(groups.map((group, index) => [group, index + 1])),
    counts: { instructions: 0, slots: 2 * (groups.length + 1) },
    ignoreCase,
    isBackward: false,
  }
  alternatives(writer, tree.alternatives)
  write(writer, { kind: 'save', slot: 1 })
  return { instructions: writer.instructions, groups: groups.length, slots: writer.counts.slots }
}

interface Writer {
  readonly instructions: Instruction[]
  readonly numbers: ReadonlyMap<AST.CapturingGroup, number>
  readonly counts: { instructions: number; slots: number }
  readonly ignoreCase: boolean
  readonly isBackward: boolean
}

function write({ instructions, counts }: Writer, instruction: Instruction): void {
  counts.instructions += 1
  if (counts.instructions > mostInstructions) throw new BadPattern('its repetitions make it too large')
  instructions.push(instruction)
}

/** Writes a choice of two; what it returns says where the second begins. */
function either(writer: Writer, isFirstPreferred: boolean): () => void {
  const { instructions } = writer
  const next = instructions.length + 1
  const choice = { kind: 'either' as const, first: next, second: next }
  write(writer, choice)
  return () => {
    choice[isFirstPreferred ? 'second' : 'first'] = instructions.length
  }
}

function alternatives(writer: Writer, all: readonly AST.Alternative[]): void {
  const ends: { to: number }[] = []
  for (const [index, { elements }] of all.entries()) {
    const isLast = index === all.length - 1
    const other = isLast ? undefined : either(writer, true)
    for (const node of writer.isBackward ? elements.toReversed() : elements) element(writer, node)
    if (!other) continue
    const end = { kind: 'jump' as const, to: 0 }
    ends.push(end)
    write(writer, end)
    other()
  }
  for (const end of ends) end.to = writer.instructions.length
}

function element(writer: Writer, node: AST.Element): void {
  const { isBackward, numbers } = writer
  switch (node.type) {
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass':
      return write(writer, { kind: 'take', fits: testOf(node, writer.ignoreCase), isBackward })
    case 'Group':
      if (node.modifiers) throw new BadPattern('flags inside a pattern are not known')
      return alternatives(writer, node.alternatives)
    case 'CapturingGroup': {
      const slot = 2 * (numbers.get(node) as number)
      write(writer, { kind: 'save', slot: isBackward ? slot + 1 : slot })
      alternatives(writer, node.alternatives)
      return write(writer, { kind: 'save', slot: isBackward ? slot : slot + 1 })
    }
    case 'Backreference': {
      const groups = [node.resolved].flat().map((group) => numbers.get(group) as number)
      return write(writer, { kind: 'again', groups, isBackward })
    }
    case 'Quantifier':
      return quantifier(writer, node)
    case 'Assertion':
      return assertion(writer, node)
  }
}

function assertion(writer: Writer, node: AST.Assertion): void {
  switch (node.kind) {
    case 'start':
    case 'end':
      return write(writer, { kind: 'edge', edge: node.kind, negate: false })
    case 'word':
      return write(writer, { kind: 'edge', edge: 'word', negate: node.negate })
    case 'lookahead':
    case 'lookbehind': {
      const inner: Writer = { ...writer, instructions: [], isBackward: node.kind === 'lookbehind' }
      alternatives(inner, node.alternatives)
      return write(writer, { kind: 'look', program: inner.instructions, negate: node.negate })
    }
  }
}

/** After the required rounds, a round that takes nothing does not count (ECMA-262, RepeatMatcher). */
function quantifier(writer: Writer, { element: inner, min, max, greedy }: AST.Quantifier): void {
  const captured = groupsOf(inner).flatMap((group) => {
    const slot = 2 * (writer.numbers.get(group) as number)
    return [slot, slot + 1]
  })
  const round = () => {
    if (captured.length > 0) write(writer, { kind: 'forget', slots: captured })
    element(writer, inner)
  }
  for (let done = 0; done < min; done += 1) round()
  const slot = writer.counts.slots++
  const optional = () => {
    const out = either(writer, greedy)
    write(writer, { kind: 'save', slot })
    round()
    write(writer, { kind: 'progress', slot })
    return out
  }
  if (max === Number.POSITIVE_INFINITY) {
    const to = writer.instructions.length
    const out = optional()
    write(writer, { kind: 'jump', to })
    out()
  } else {
    const outs: (() => void)[] = []
    for (let done = min; done < max; done += 1) outs.push(optional())
    for (const out of outs) out()
  }
}

type Single = AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass

/** Whether one code unit fits. Of a set the built-in engine is asked, which on one character has nothing to try twice. */
function testOf(node: Single, ignoreCase: boolean): (code: number) => boolean {
  if (node.type === 'Character') {
    const wanted = folded(node.value, ignoreCase)
    return (code) => code === node.value || folded(code, ignoreCase) === wanted
  }
  const set = new RegExp(`^${node.raw}$`, ignoreCase ? 'i' : '')
  const known = new Map<number, boolean>()
  return (code) => {
    const fits = known.get(code) ?? set.test(String.fromCharCode(code))
    known.set(code, fits)
    return fits
  }
}

/** The code unit under which cases are one (ECMA-262, Canonicalize). */
export function folded(code: number, ignoreCase: boolean): number {
  if (!ignoreCase) return code
  const upper = String.fromCharCode(code).toUpperCase()
  const found = upper.charCodeAt(0)
  return upper.length !== 1 || (code >= 128 && found < 128) ? code : found
}
