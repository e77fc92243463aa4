import type { Element } from '../../../kernel/xml.ts'
import { brief } from '../../document/bounds.ts'
import { fault, type Notes, warn } from '../../document/notes.ts'
import { type Layer, readLayer } from '../layer.ts'
import { tagFiltersOf } from './outbound-schema.ts'
import { type RewriteLayer, type RewriteSection, rewriteSections } from './rewrite.ts'

/** Where a `rewrite` element stands. */
export interface RewritePlace {
  /** The URL directory of the file, or of the `location` in it, with a slash at both ends (I-49). */
  readonly directory: string
  /** Global rules and the list of variables that may be set belong to applicationHost.config alone (I-53). */
  readonly isServers: boolean
  /**
   * The root element of the file that a section's `configSource` names, beside this one; undefined when there is none. A caller that cannot look
   * there leaves it out, and gets only the faults of this file.
   */
  readonly partOf?: (configSource: string) => { readonly file: string; readonly element: Element } | undefined
}

/**
 * The content of `rewrite` of system.webServer in a file. Whatever the module would refuse is a fault with its line: an unknown
 * element or attribute, a wrong word, a missing part (500.19, I-59).
 */
export function readRewrite(notes: Notes, element: Element, place: RewritePlace): RewriteLayer {
  const sections: Partial<Record<RewriteSection, Layer>> = {}
  for (const name of Object.keys(element.attributes))
    if (!name.startsWith('{')) fault(notes, element, `unknown attribute ${brief(name)} on rewrite.`)
  for (const child of element.children) {
    const name = child.local
    if (name === 'providers')
      warn(notes, child, 'providers is passed over: they are .NET code; a rule that asks one fails with 500.50.')
    else if (!isSection(name)) fault(notes, child, `unknown element ${brief(name)} in rewrite.`)
    else if (sections[name]) fault(notes, child, `${name} occurs twice in rewrite.`)
    else if (serversAlone.has(name) && !place.isServers)
      fault(notes, child, `${name} may stand in applicationHost.config alone; a startup task can put it there.`)
    else sections[name] = readSection(notes, child, name, place)
  }
  return { directory: place.directory, sections }
}

const serversAlone: ReadonlySet<string> = new Set(['globalRules', 'allowedServerVariables'])

function isSection(name: string): name is RewriteSection {
  return Object.hasOwn(rewriteSections, name)
}

function readSection(notes: Notes, element: Element, name: RewriteSection, { partOf }: RewritePlace): Layer {
  const { configSource } = element.attributes
  if (configSource === undefined) return checked(notes, readLayer(notes, element, rewriteSections[name]), name)
  const part = partOf?.(configSource)
  if (!part && partOf)
    fault(notes, element, `configSource of ${name} names a file that is not there: ${brief(configSource)}.`)
  else if (part && part.element.local !== name)
    fault(notes, element, `the root element of ${part.file} must be ${name}; found ${brief(part.element.local)}.`)
  else if (part) return readSection({ ...notes, file: part.file }, part.element, name, {} as RewritePlace)
  return { file: notes.file, line: element.line, attributes: {}, elements: {}, steps: [] }
}

/** The requirements of a type of action. */
const needs: Readonly<Record<string, string>> = { Rewrite: 'url', Redirect: 'url', CustomResponse: 'statusCode' }

/** Checks of rules that a schema cannot express: those that depend on another attribute. */
function checked(notes: Notes, layer: Layer, section: RewriteSection): Layer {
  if (section === 'rewriteMaps' || section === 'allowedServerVariables') return layer
  for (const step of layer.steps) {
    if (step.kind !== 'add') continue
    const { action, match } = step.item.elements
    const type = action?.attributes['type']
    const needed = section === 'outboundRules' ? undefined : needs[String(type)]
    if (action && needed && action.attributes[needed] === undefined)
      fault(notes, action, `action of type ${String(type)} needs the attribute ${needed}.`)
    if (section === 'outboundRules') checkOutbound(notes, step.item, match)
  }
  return layer
}

function checkOutbound(notes: Notes, rule: Layer, match: Layer | undefined): void {
  const { serverVariable = '', filterByTags = 'None', customTags = '' } = match?.attributes ?? {}
  const tags = tagFiltersOf(String(filterByTags))
  const isBody = serverVariable === '' && tags.every((tag) => tag === 'None')
  if (isBody && rule.attributes['patternSyntax'] === 'Wildcard')
    fault(notes, match ?? rule, 'patternSyntax Wildcard needs serverVariable or filterByTags.')
  if (tags.includes('CustomTags') && customTags === '')
    fault(notes, match ?? rule, 'filterByTags with CustomTags needs the attribute customTags.')
}
