import type { Element } from '../../../kernel/xml.ts'
import { brief } from '../../document/bounds.ts'
import { fault, type Notes, warn } from '../../document/notes.ts'
import type { PartOf } from '../config-source.ts'
import { type Layer, readSection } from '../layer.ts'
import { tagFiltersOf } from './outbound-schema.ts'
import { type RewriteLayer, type RewriteSection, rewriteSections } from './rewrite.ts'

/** Where a `rewrite` element stands. */
export interface RewritePlace {
  /** The URL directory of the file, or of the `location` in it, with a slash at both ends (I-49). */
  readonly directory: string
  /** Global rules and the list of variables that may be set belong to applicationHost.config alone (I-53). */
  readonly isServers: boolean
  /** Finds the files that sections name as `configSource` (I-52). */
  readonly partOf?: PartOf
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
    else if (place.isServers && child.attributes['configSource'] !== undefined)
      fault(notes, child, `configSource of ${name} is not followed in ${notes.file}: write the section there.`)
    else {
      const layer = readSection(notes, child, rewriteSections[name], place.partOf)
      sections[name] = checked({ ...notes, file: layer.file }, layer, name)
    }
  }
  return { directory: place.directory, sections }
}

const serversAlone: ReadonlySet<string> = new Set(['globalRules', 'allowedServerVariables'])

function isSection(name: string): name is RewriteSection {
  return Object.hasOwn(rewriteSections, name)
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
