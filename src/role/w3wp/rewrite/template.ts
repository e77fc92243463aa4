/** A text of a rule in which variables, captures, maps and functions are put in: `{R:1}`, `{HTTP_HOST}`, `{ToLower:{R:0}}`. */
export type Template = readonly Part[]

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'capture'; readonly of: 'R' | 'C'; readonly index: number }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly argument: Template }
  | { readonly kind: 'map'; readonly name: string; readonly key: Template }

type FunctionName = keyof typeof functions

/** A text that cannot be read or put together, and why: `{R:9}` of a pattern with one group. */
export class Unexpandable extends Error {}

/** What is put in. */
export interface Values {
  /** The value of a server variable, '' when there is none. */
  readonly variable: (name: string) => string
  /** Captures of the rule's pattern and of its conditions; none when nothing was captured. */
  readonly captures: { readonly R: readonly string[]; readonly C: readonly string[] }
  /** The value of a rewrite map for a key; undefined when there is no such map. */
  readonly map: (name: string, key: string) => string | undefined
}

const functions = {
  tolower: (text: string) => text.toLowerCase(),
  urlencode: (text: string) => encodeURIComponent(text.toWellFormed()),
  urldecode: (text: string) => decodeUrl(text),
  htmlencode: (text: string) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`),
} as const

/** Deepest nesting of a template. Origin: choice; real ones have two levels. */
const deepest = 16

/** Most characters of an expanded template: rules that double a URL each would have no end. Origin: choice, four times the longest URL. */
const longestText = 65_536

/** Reads a template. Throws Unexpandable when a brace is not closed or the nesting is too deep. */
export function readTemplate(source: string): Template {
  const reader = { source, at: 0 }
  const parts = readParts(reader, 0)
  if (reader.at < source.length) throw new Unexpandable('a } has no { before it')
  return parts
}

interface Reader {
  readonly source: string
  at: number
}

function readParts(reader: Reader, depth: number): Template {
  if (depth > deepest) throw new Unexpandable(`braces are nested deeper than ${deepest} levels`)
  const parts: Part[] = []
  while (reader.at < reader.source.length) {
    const [text = ''] = /^[^{}]*/.exec(reader.source.slice(reader.at)) as RegExpExecArray
    if (text !== '') parts.push({ kind: 'text', text })
    reader.at += text.length
    if (reader.source.charAt(reader.at) !== '{') break
    reader.at += 1
    parts.push(readReference(reader, depth))
  }
  return parts
}

function readReference(reader: Reader, depth: number): Part {
  const [all = '', name = '', colon] = /^([^{}:]*)(:?)/.exec(reader.source.slice(reader.at)) as RegExpExecArray
  reader.at += all.length
  const argument = colon ? readParts(reader, depth + 1) : []
  if (reader.source.charAt(reader.at) !== '}') throw new Unexpandable('a { is not closed')
  reader.at += 1
  if (!colon) return { kind: 'variable', name: name.trim() }
  const [only] = argument
  if ((name === 'R' || name === 'C') && argument.length === 1 && only?.kind === 'text' && /^\d{1,4}$/.test(only.text))
    return { kind: 'capture', of: name, index: Number(only.text) }
  const lower = name.toLowerCase()
  if (Object.hasOwn(functions, lower)) return { kind: 'function', name: lower as FunctionName, argument }
  return { kind: 'map', name, key: argument }
}

/** The text with everything put in. Throws Unexpandable. */
export function expand(template: Template, values: Values): string {
  let text = ''
  for (const part of template) {
    text += valueOf(part, values)
    if (text.length > longestText) throw new Unexpandable(`it becomes longer than ${longestText} characters`)
  }
  return text
}

function valueOf(part: Part, values: Values): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'variable':
      return values.variable(part.name)
    case 'function':
      return functions[part.name](expand(part.argument, values))
    case 'capture': {
      const captured = values.captures[part.of][part.index]
      if (captured === undefined) throw new Unexpandable(`nothing was captured for {${part.of}:${part.index}}`)
      return captured
    }
    case 'map': {
      const found = values.map(part.name, expand(part.key, values))
      if (found === undefined) throw new Unexpandable(`there is no rewrite map or function ${part.name}`)
      return found
    }
  }
}

/** Decodes percent-encoding; bytes that are not valid UTF-8 stay as they are. */
export function decodeUrl(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (found) => {
    try {
      return decodeURIComponent(found)
    } catch {
      return found
    }
  })
}
