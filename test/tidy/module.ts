import { type Node, parseSync } from 'oxc-parser'

/** A parsed source file. */
export interface Module {
  readonly imports: readonly { readonly specifier: string; readonly typeOnly: boolean }[]
  readonly body: readonly Node[]
  /** Names that are exported, `default` among them. */
  readonly exported: readonly string[]
  readonly text: string
}

const known = new Map<string, Module>()

/** Parses the text of a file, the same text once only: the end of the file's name says in which language. */
export function moduleOf(text: string, file: string): Module {
  const found = known.get(text)
  if (found) return found
  const { program, errors, module: names } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}\n${text}`)
  const made: Module = {
    imports: program.body.flatMap((node) => importsOf(node)).concat(dynamicImportsOf(program.body)),
    body: program.body,
    exported: names.staticExports.flatMap(({ entries }) =>
      entries.map(({ exportName }) => exportName.name ?? 'default'),
    ),
    text,
  }
  known.set(text, made)
  return made
}

function importsOf(node: Node): Module['imports'] {
  if (node.type === 'ImportDeclaration') return [{ specifier: node.source.value, typeOnly: node.importKind === 'type' }]
  if ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') && node.source)
    return [{ specifier: node.source.value, typeOnly: node.exportKind === 'type' }]
  return []
}

function dynamicImportsOf(body: readonly Node[]): Module['imports'] {
  return [...nodesOf(body)].flatMap((node) =>
    node.type === 'ImportExpression' && node.source.type === 'Literal'
      ? [{ specifier: String(node.source.value), typeOnly: false }]
      : [],
  )
}

/** Every node of the code; what only types say is passed over. */
export function* nodesOf(tree: unknown): Generator<Node> {
  if (Array.isArray(tree)) {
    for (const one of tree) yield* nodesOf(one)
    return
  }
  if (!isNode(tree) || saysTypes(tree.type)) return
  yield tree
  for (const child of Object.values(tree)) if (typeof child === 'object' && child !== null) yield* nodesOf(child)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** `value as Type` and its like hold code, all other nodes of TypeScript hold none. */
function saysTypes(type: string): boolean {
  return type.startsWith('TS') && !/^TS(As|Satisfies|NonNull|Instantiation|TypeAssertion)/.test(type)
}

/** What a rule finds in one module, asked once: a breach changes one file of a thousand. */
export function oncePerModule<Found>(look: (module: Module) => Found): (module: Module) => Found {
  const found = new WeakMap<Module, { readonly found: Found }>()
  return (module) => {
    const before = found.get(module) ?? { found: look(module) }
    found.set(module, before)
    return before.found
  }
}
