import { SaxesParser } from 'saxes'
import { mismatchedTag } from './mismatched-tag.ts'

/** An element of a parsed document. `local` is the name without prefix, `namespace` its URI ('' when none). */
export interface Element {
  readonly local: string
  readonly namespace: string
  /** Attributes by local name; those in a namespace of their own stand under `{uri}local`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** All character data directly in this element, not trimmed. */
  readonly text: string
  /** Line in the source, from 1. */
  readonly line: number
}

/** What was wrong with a document, in words, with the line. */
export class XmlError extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** Most characters of the message about a document that is not well-formed: the parser repeats names of any length. */
const longestMessage = 300

/** Deepest nesting that is read: real documents have at most 12 levels. */
const depthLimit = 100

interface Building {
  local: string
  namespace: string
  attributes: Record<string, string>
  children: Element[]
  text: string
  line: number
}

/**
 * The root element of a well-formed document of at most `mostElements` elements. A DTD is refused, and so is every entity except the five of XML.
 * Throws XmlError.
 */
export function parseXml(source: string, mostElements = Number.POSITIVE_INFINITY): Element {
  const parser = new SaxesParser({ xmlns: true, position: true })
  const text = source.replace(/^\uFEFF/, '')
  const open: Building[] = []
  let root: Building | undefined
  let elements = 0
  const fail = (message: string): never => {
    throw new XmlError(message, parser.line)
  }
  let closed: Building | undefined
  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: |\.$/g, '')
    const [unclosed] = open.slice(-1)
    if (message === 'unexpected close tag' && closed)
      fail(mismatchedTag(closed, open, endTag(text, parser.position), parser.line))
    if (message.startsWith('unclosed tag') && unclosed)
      fail(
        `<${unclosed.local}> of line ${unclosed.line} is never closed; the document ends before </${unclosed.local}>`,
      )
    fail(message.slice(0, longestMessage))
  })
  parser.on('doctype', () => fail('document type declarations are not accepted'))
  parser.on('opentag', (tag) => {
    elements += 1
    if (elements > mostElements) fail(`there are more than ${mostElements} elements, which is the most that is read`)
    if (open.length >= depthLimit) fail(`elements are nested deeper than ${depthLimit} levels`)
    // Without a prototype `__proto__` is an attribute like any other.
    const attributes: Record<string, string> = Object.create(null)
    for (const attribute of Object.values(tag.attributes))
      if (attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns')
        attributes[attribute.uri ? `{${attribute.uri}}${attribute.local}` : attribute.local] = attribute.value
    const element: Building = {
      local: tag.local,
      namespace: tag.uri,
      attributes,
      children: [],
      text: '',
      line: parser.line,
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const add = (data: string) => {
    const top = open.at(-1)
    if (top) top.text += data
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => {
    closed = open.pop()
  })
  parser.write(text).close()
  return root ?? fail('the document has no root element')
}

/** The name in the end tag that ends at that place of a text. */
function endTag(text: string, position: number): string {
  const before = text.slice(Math.max(0, position - longestMessage), position)
  return /<\/([^<>]*?)\s*>?$/.exec(before)?.[1] ?? ''
}

/** The first child of that local name. */
export function child(element: Element | undefined, local: string): Element | undefined {
  return element?.children.find((candidate) => candidate.local === local)
}

/** All children of that local name, in document order. */
export function childrenOf(element: Element | undefined, local: string): readonly Element[] {
  return element?.children.filter((candidate) => candidate.local === local) ?? []
}

/** Trimmed text of the first child of that name; undefined when there is none. */
export function childText(element: Element | undefined, local: string): string | undefined {
  return child(element, local)?.text.trim()
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#xA;',
  '\r': '&#xD;',
  '\t': '&#x9;',
}

export function escapeAttribute(value: string): string {
  return carried(value).replace(/[&<>"\n\r\t]/g, (found) => escapes[found] as string)
}

export function escapeText(value: string): string {
  return carried(value).replace(/[&<>\r]/g, (found) => escapes[found] as string)
}

/** Characters that XML 1.0 cannot hold, as in the output of a failed program, become the replacement character. */
function carried(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
}

/** Markup ready to be written: made by `xml` alone, so that text can never pass for it. */
export interface Markup {
  readonly markup: string
}

/** What an element holds: text, an element, or several; undefined and false are left out. */
export type Content = string | number | boolean | Markup | undefined | readonly Content[]

/** One element, without white space around its content. Attributes that are undefined are left out. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  content?: Content,
): Markup {
  let start = `<${name}`
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== undefined) start += ` ${attribute}="${escapeAttribute(String(value))}"`
  const inside = flat(content)
  return { markup: inside === '' ? `${start}/>` : `${start}>${inside}</${name}>` }
}

function flat(content: Content): string {
  if (content === undefined) return ''
  if (Array.isArray(content)) return content.map(flat).join('')
  if (typeof content === 'object') return (content as Markup).markup
  return escapeText(String(content))
}
