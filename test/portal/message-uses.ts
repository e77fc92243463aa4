import { type Node, parseSync } from 'oxc-parser'
import { nodesOf } from '../tidy/module.ts'

/** A place in a source at which a message is shown. */
export interface Use {
  /** Undefined when it cannot be seen there: any. */
  readonly namespace: string | undefined
  /** Keys that are meant, without the ending of a plural: of a template all that fit it. */
  readonly key: RegExp
  /** False for a text of the source that merely could be a key, when a key is a value there. */
  readonly isNamed: boolean
  /** Names of the values that it is given; undefined when that cannot be seen. */
  readonly options: readonly string[] | undefined
}

/** Where a source shows messages: its calls of `t`, a function that `useTranslation` gave it. */
export function usesIn(file: string, text: string): readonly Use[] {
  const { program } = parseSync(file, text)
  const all = [...nodesOf(program.body)]
  const calls = all.filter((node) => node.type === 'CallExpression').filter(({ callee }) => nameOf(callee) === 't')
  if (calls.length === 0) return []
  const scopes = all.flatMap(scopeOf)
  const uses = calls.flatMap((call): readonly Use[] => {
    const [shown, given] = call.arguments
    const options = given === undefined ? [] : namesIn(given)
    const namespace = textOf(given && propertyOf(given, 'ns')) ?? namespaceAt(call, scopes)
    return keysOf(shown).map((key) => ({ namespace, key, isNamed: true, options }))
  })
  const areAllNamed = calls.every(({ arguments: [shown] }) => keysOf(shown).length > 0)
  return areAllNamed ? uses : [...uses, ...textsOf(all).map(possible)]
}

/** Words that stand in the markup of a source itself, where people read or hear them. */
export function literalWordsIn(file: string, text: string): readonly string[] {
  return [...nodesOf(parseSync(file, text).program.body)].flatMap((node) => {
    if (node.type === 'JSXText') return wordsOf(node.value)
    if (node.type !== 'JSXAttribute' || !spoken.has(attributeName(node.name))) return []
    const value = node.value?.type === 'JSXExpressionContainer' ? node.value.expression : node.value
    if (value?.type === 'Literal') return wordsOf(String(value.value))
    return value?.type === 'TemplateLiteral' ? value.quasis.flatMap(({ value: { raw } }) => wordsOf(raw)) : []
  })
}

/** Properties that are read out or shown as they are. */
const spoken = new Set(['aria-label', 'aria-description', 'alt', 'title', 'placeholder', 'label', 'hint', 'content'])

interface Scope {
  readonly namespace: string
  readonly start: number
  readonly end: number
}

/** A function in which `const { t } = useTranslation('…')` stands. */
function scopeOf(node: Node): readonly Scope[] {
  if (!('body' in node) || !('params' in node)) return []
  const body = node.body as Node | null
  if (body?.type !== 'BlockStatement') return []
  return body.body.flatMap((statement) => {
    if (statement.type !== 'VariableDeclaration') return []
    return statement.declarations.flatMap(({ id, init }) => {
      if (init?.type !== 'CallExpression' || nameOf(init.callee) !== 'useTranslation') return []
      if (id.type !== 'ObjectPattern' || !namesIn(id)?.includes('t')) return []
      return [{ namespace: firstText(init.arguments[0]) ?? 'shell', start: node.start, end: node.end }]
    })
  })
}

/** The innermost one around a place. */
function namespaceAt({ start, end }: Node, scopes: readonly Scope[]): string | undefined {
  const around = scopes.filter((scope) => scope.start <= start && end <= scope.end)
  return around.toSorted((one, other) => other.start - one.start)[0]?.namespace
}

/** None when it is a value that was made elsewhere. */
function keysOf(node: Node | undefined): readonly RegExp[] {
  if (node?.type === 'ConditionalExpression') {
    const [one, other] = [keysOf(node.consequent), keysOf(node.alternate)]
    return one.length > 0 && other.length > 0 ? [...one, ...other] : []
  }
  if (node?.type === 'TemplateLiteral')
    return [new RegExp(`^${node.quasis.map(({ value }) => escaped(value.raw)).join('[^.]+')}$`)]
  const text = textOf(node)
  return text === undefined ? [] : [exactly(text)]
}

function possible(text: string): Use {
  return { namespace: undefined, key: exactly(text), isNamed: false, options: undefined }
}

function textsOf(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) => textOf(node) ?? [])
}

function exactly(key: string): RegExp {
  return new RegExp(`^${escaped(key)}$`)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

/** Of several namespaces the first is meant, unless another is named. */
function firstText(node: Node | undefined): string | undefined {
  return node?.type === 'ArrayExpression' ? textOf(node.elements[0] ?? undefined) : textOf(node)
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' ? node.name : undefined
}

function propertyOf(node: Node, name: string): Node | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const found = node.properties.find((one) => one.type === 'Property' && nameOf(one.key) === name)
  return found?.type === 'Property' ? found.value : undefined
}

/** Names of an object's properties; undefined when not all of them can be seen. */
function namesIn(node: Node): readonly string[] | undefined {
  if (node.type !== 'ObjectExpression' && node.type !== 'ObjectPattern') return undefined
  if (node.properties.some(({ type }) => type !== 'Property')) return undefined
  return node.properties.flatMap((one) => (one.type === 'Property' ? (nameOf(one.key) ?? []) : []))
}

function attributeName(name: Node): string {
  return name.type === 'JSXIdentifier' ? name.name : ''
}

function wordsOf(text: string): readonly string[] {
  return /\p{L}/u.test(text) ? [text.trim()] : []
}
