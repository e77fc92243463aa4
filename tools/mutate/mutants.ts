import { parseSync } from 'oxc-parser'
import { nodesOf } from '../../test/tidy/module.ts'

/** One small change of a source text: the characters from `start` to `end` become `text`. */
export interface Mutant {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly text: string
}

type Tree = Parameters<typeof nodesOf>[0]
type Node = ReturnType<typeof nodesOf> extends Generator<infer Each> ? Each : never
interface Spanned {
  readonly start: number
  readonly end: number
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '<': ['<='],
  '<=': ['<'],
  '>': ['>='],
  '>=': ['>'],
  '===': ['!=='],
  '!==': ['==='],
  '-': ['+'],
  '&&': ['||'],
  '||': ['&&'],
}

/** What a call becomes when its method is another one. */
const methods: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  find: 'findLast',
}

/** Methods without which a list is still a list. */
const sieves = new Set(['filter', 'toSorted', 'toReversed'])

/** All mutants of a file, in the order of the text. What only words or types say is left as it is. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const { program } = parseSync('file.ts', source)
  const tree: Tree = program.body
  const found: Mutant[] = []
  for (const node of nodesOf(tree))
    for (const [{ start, end }, text] of changesOf(node, source)) found.push({ file, start, end, text })
  return found.toSorted((one, other) => one.start - other.start || one.end - other.end)
}

function* changesOf(node: Node, source: string): Generator<readonly [Spanned, string]> {
  const textOf = ({ start, end }: Spanned) => source.slice(start, end)
  // Of the many kinds of syntax these few can be changed for the worse.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const between = { start: node.left.end, end: node.right.start }
      for (const other of operators[node.operator] ?? []) yield [between, textOf(between).replace(node.operator, other)]
      if (node.operator === '??') yield [node, `(${textOf(node.right)})`]
      return
    }
    case 'UnaryExpression':
      if (node.operator === '!') yield [node, `(${textOf(node.argument)})`]
      return
    case 'ConditionalExpression':
      yield [node, `(${textOf(node.consequent)})`]
      yield [node, `(${textOf(node.alternate)})`]
      return
    case 'IfStatement':
      yield [node.test, 'true']
      yield [node.test, 'false']
      return
    case 'Literal':
      if (typeof node.value === 'boolean') yield [node, String(!node.value)]
      return
    case 'CallExpression': {
      const { callee } = node
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      const { name } = callee.property
      if (sieves.has(name)) yield [node, textOf(callee.object)]
      const other = methods[name]
      if (other) yield [callee.property, other]
      return
    }
    case 'ObjectExpression': {
      // `{ ...state, some: new }` without one of its changes.
      const [first, ...changes] = node.properties
      if (first?.type === 'SpreadElement') for (const change of changes) yield [change, '...{}']
      return
    }
    case 'ArrayExpression':
      if (node.elements.length > 1)
        for (const element of node.elements) if (element?.type === 'SpreadElement') yield [element, '...[]']
      return
    default:
  }
}
