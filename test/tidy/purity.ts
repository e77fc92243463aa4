import { isBuiltin } from 'node:module'
import type { Node } from 'oxc-parser'
import { floorOf, type House } from './house.ts'
import { type Module, nodesOf, oncePerModule } from './module.ts'

/** Packages that compute and do nothing else. */
const purePackages = ['immutable', 'saxes', 'tinyqueue']

/** Names through which code reaches clock, chance, machine, or a later moment. */
const reaching = new Set(
  `Promise setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame performance fetch process crypto
   globalThis global window self require module Buffer console WebSocket EventSource Worker MessageChannel
   BroadcastChannel AbortSignal AbortController navigator localStorage eval Function WeakRef FinalizationRegistry
   Atomics`.split(/\s+/),
)

/** Members of `Date` and `Math` that depend on their arguments alone. */
const allowedMembers = { Date: /^(UTC|parse)$/, Math: /^(?!random$)/ } as const

/**
 * Rule 3 of docs/design.md 3: what an `agent.ts` reaches, transitively, all of the service model, all contracts and the controller's
 * desk know no clock, no chance, no Node, nothing asynchronous, and keep nothing between two calls.
 */
export function impurities(house: House): readonly string[] {
  return [...mustBePure(house)].flatMap((file) => [
    ...foreign(house, file).map((target) => `${file} imports ${target}`),
    ...wrongsIn(house.moduleOf(file)).map((what) => `${file} has ${what}`),
  ])
}

/** The files that the rule is about. */
export function mustBePure(house: House): ReadonlySet<string> {
  const known = new Set(house.files)
  const pure = new Set<string>()
  const reach = (file: string): void => {
    if (pure.has(file) || !known.has(file)) return
    pure.add(file)
    for (const { target, typeOnly } of house.importsOf(file)) if (!typeOnly) reach(target)
  }
  for (const file of house.files) if (file.endsWith('/agent.ts') || isPureFolder(file)) reach(file)
  return pure
}

function isPureFolder(file: string): boolean {
  return floorOf(file) === 'service-model' || file.split('/')[2] === 'contract' || file.includes('/desk/')
}

function foreign(house: House, file: string): readonly string[] {
  return house
    .importsOf(file)
    .map(({ target }) => target)
    .filter((target) => !target.startsWith('src/') && (isBuiltin(target) || !purePackages.includes(target)))
}

const wrongsIn = oncePerModule((module) => [...wrongs(module)])

function* wrongs({ body }: Module): Generator<string> {
  for (const node of body) {
    const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : node
    if (declared?.type === 'VariableDeclaration' && declared.kind !== 'const')
      yield `a ${declared.kind} that outlives a call`
  }
  const own = declaredIn(body)
  const properties = propertiesIn(body)
  for (const node of nodesOf(body)) {
    const wrong = wrongIn(node)
    if (wrong) yield wrong
    else if (node.type === 'Identifier' && reaching.has(node.name) && !own.has(node.name) && !properties.has(node))
      yield node.name
  }
}

/** Names that the file gives to something of its own: a `module` may be the field's word for one. */
function declaredIn(body: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>()
  const declare = (pattern: unknown) => {
    for (const node of nodesOf(pattern)) if (node.type === 'Identifier') names.add(node.name)
  }
  for (const node of nodesOf(body)) {
    if (node.type === 'VariableDeclarator') declare(node.id)
    if (node.type === 'ImportSpecifier') declare(node.local)
    if ('params' in node) declare(node.params)
    if (node.type === 'FunctionDeclaration') declare(node.id)
  }
  return names
}

/** Identifiers that name a property and stand for nothing themselves. */
function propertiesIn(body: readonly Node[]): ReadonlySet<Node> {
  const found = new Set<Node>()
  for (const node of nodesOf(body)) {
    if (node.type === 'MemberExpression' && !node.computed) found.add(node.property)
    if (node.type === 'Property' && !node.computed && !node.shorthand) found.add(node.key)
    if (node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') found.add(node.key)
  }
  return found
}

function wrongIn(node: Node): string | undefined {
  if ('async' in node && node.async) return 'an async function'
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- a hundred kinds, and none of them ours
  switch (node.type) {
    case 'AwaitExpression':
      return 'an await'
    case 'ForOfStatement':
      return node.await ? 'a for await' : undefined
    case 'ImportExpression':
      return 'an import()'
    case 'MetaProperty':
      return 'import.meta or new.target'
    case 'NewExpression':
      return isNamed(node.callee, 'Date') && node.arguments.length === 0 ? 'new Date()' : undefined
    case 'CallExpression':
      return calledWrongly(node)
    case 'MemberExpression':
      return memberOf(node)
    case 'VariableDeclarator':
      return node.id.type === 'ObjectPattern' && (isNamed(node.init, 'Date') || isNamed(node.init, 'Math'))
        ? 'members taken out of Date or Math'
        : undefined
    default:
      return undefined
  }
}

function calledWrongly({ callee }: Node & { readonly type: 'CallExpression' }): string | undefined {
  if (isNamed(callee, 'Date')) return 'Date()'
  const then = callee.type === 'MemberExpression' && nameOf(callee)
  return then === 'then' || then === 'finally' ? `a chain of promises (.${then})` : undefined
}

function memberOf(node: Node & { readonly type: 'MemberExpression' }): string | undefined {
  for (const [owner, allowed] of Object.entries(allowedMembers)) {
    const name = nameOf(node)
    if (isNamed(node.object, owner) && !(name !== undefined && allowed.test(name))) return `${owner}.${name ?? '[…]'}`
  }
  return undefined
}

function nameOf({ property, computed }: Node & { readonly type: 'MemberExpression' }): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined
}

function isNamed(node: Node | null, name: string): boolean {
  return node?.type === 'Identifier' && node.name === name
}
