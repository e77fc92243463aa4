import { escapeAttribute, parseXml } from '../kernel/xml.ts'

/** A comment, CDATA section, processing instruction or tag. */
const markup = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?:"[^"]*"|'[^']*'|[^>"'])*>/g

/** New values of a .cscfg, as they are to be written; what is not named stays as it is. */
export interface ConfigurationChanges {
  readonly osFamily?: string
  readonly osVersion?: string
  /** By role name. */
  readonly roles?: ReadonlyMap<string, RoleChanges>
}

interface RoleChanges {
  readonly instances?: string
  /** Values by name of the setting. */
  readonly settings?: ReadonlyMap<string, string>
  /** Thumbprints by name of the certificate. */
  readonly certificates?: ReadonlyMap<string, string>
}

/**
 * The text of a .cscfg with other instance counts, by role name; comments, order, white space and all the rest stay as
 * they are. Throws an Error when the text has no Instances of a role that is named.
 */
export function withInstanceCounts(source: string, counts: Readonly<Record<string, number>>): string {
  const done = new Set<string>()
  const changed = withTags(source, (tag, element, role) => {
    if (element !== 'Instances' || role === undefined || !Object.hasOwn(counts, role)) return tag
    done.add(role)
    return withAttribute(tag, 'count', String(counts[role]))
  })
  const missing = Object.keys(counts).find((asked) => !done.has(asked))
  if (missing !== undefined) throw new Error(`The configuration has no Instances of role ${missing} to change.`)
  return changed
}

/** The text of a well-formed .cscfg with other values; comments, order, white space and all the rest stay as they are. */
export function withChanges(source: string, { osFamily, osVersion, roles }: ConfigurationChanges): string {
  return withTags(source, (tag, element, role) => {
    if (element === 'ServiceConfiguration')
      return withAttribute(withAttribute(tag, 'osFamily', osFamily), 'osVersion', osVersion)
    const changes = role === undefined ? undefined : roles?.get(role)
    if (!changes) return tag
    const name = attributeOf(tag, 'name') ?? ''
    if (element === 'Instances') return withAttribute(tag, 'count', changes.instances)
    if (element === 'Setting') return withAttribute(tag, 'value', changes.settings?.get(name))
    if (element === 'Certificate') return withAttribute(tag, 'thumbprint', changes.certificates?.get(name))
    return tag
  })
}

/** The text with each start tag as `change` has it, which is told the element's name and the role in which it stands. */
function withTags(source: string, change: (tag: string, element: string, role: string | undefined) => string): string {
  let role: string | undefined
  return source.replace(markup, (tag) => {
    const [, end, element] = /^<(\/?)(?:[^\s/>:!?]+:)?([^\s/>:!?]+)(?=[\s/>])/.exec(tag) ?? []
    if (element === 'Role') role = end === '' ? attributeOf(tag, 'name') : undefined
    return element === undefined || end !== '' ? tag : change(tag, element, role)
  })
}

/** An attribute with its value; values are passed over whole, so that nothing in one is taken for another attribute. */
const attribute = /([^\s=/<>"']+)(\s*=\s*)("[^"]*"|'[^']*')/g

/** The value in a start tag, character references resolved. */
function attributeOf(tag: string, name: string): string | undefined {
  const quoted = [...tag.matchAll(attribute)].find(([, found]) => found === name)?.[3]
  return quoted && parseXml(`<tag a=${quoted}/>`).attributes['a']
}

/** The start tag with another value of an attribute, which comes last when it was not there. */
function withAttribute(tag: string, name: string, value: string | undefined): string {
  if (value === undefined) return tag
  const written = `"${escapeAttribute(value)}"`
  let isThere = false
  const changed = tag.replace(attribute, (whole, found: string, equals: string) => {
    if (found !== name) return whole
    isThere = true
    return `${found}${equals}${written}`
  })
  return isThere ? changed : tag.replace(/\s*\/?>$/, (end) => ` ${name}=${written}${end}`)
}
