import type { Node } from 'oxc-parser'
import type { House } from './house.ts'
import { nodesOf, oncePerModule } from './module.ts'

/** A screen, in lines. Origin: choice (docs/style.md 11). */
const screen = 70

/**
 * A function that keeps what several functions share holds them all: that many lines, of which no more than a screen are its own.
 * Origin: the longest of them when the rule was made.
 */
const longest = 125

/** A function fits a screen, without the functions that stand in it; one with several in it is no longer than a few screens. */
export function longFunctions(house: House): readonly string[] {
  return house.files.flatMap((file) =>
    lengthsIn(house.moduleOf(file))
      .filter(({ own, whole }) => own > screen || whole > longest)
      .map(({ line, own, whole }) => `${file}:${line} is a function of ${whole} lines, ${own} of them its own`),
  )
}

interface Length {
  /** Where it begins. */
  readonly line: number
  readonly whole: number
  /** Without the functions in it that are longer than a line. */
  readonly own: number
}

const lengthsIn = oncePerModule(({ body, text }): readonly Length[] => {
  const lineOf = lineNumbers(text)
  const lines = ({ start, end }: Spanned) => lineOf(end) - lineOf(start) + 1
  return [...nodesOf(body)].filter(isFunction).map((node) => {
    const inner = functionsIn(node).map(lines)
    const whole = lines(node)
    const own = inner.reduce((left, each) => left - (each > 1 ? each : 0), whole)
    return { line: lineOf(node.start), whole, own }
  })
})

type Spanned = Pick<Node, 'start' | 'end'>

function isFunction({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

/** The functions in a function, without those in them. */
function functionsIn(node: Node): readonly Spanned[] {
  const inner = [...nodesOf(Object.values(node))].filter(isFunction)
  return inner.filter(
    (one) => !inner.some((other) => other !== one && other.start <= one.start && one.end <= other.end),
  )
}

/** Line of a place in the text, from 1. */
function lineNumbers(text: string): (place: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index)
  return (place) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] as number) < place) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
