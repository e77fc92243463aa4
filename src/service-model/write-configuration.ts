import { parseXml } from '../kernel/xml.ts'

/** A comment, CDATA section, processing instruction or tag. */
const markup = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?:"[^"]*"|'[^']*'|[^>"'])*>/g

/**
 * The text of a .cscfg with other instance counts, by role name; comments, order, white space and all the rest stay as
 * they are. Throws an Error when the text has no Instances of a role that is named.
 */
export function withInstanceCounts(source: string, counts: Readonly<Record<string, number>>): string {
  const done = new Set<string>()
  let role: string | undefined
  const changed = source.replace(markup, (tag) => {
    const name = /^<(?:[^\s/>:!?]+:)?(Role|Instances)(?=[\s/>])/.exec(tag)?.[1]
    if (name === 'Role') role = nameIn(tag)
    if (name !== 'Instances' || role === undefined || !Object.hasOwn(counts, role)) return tag
    done.add(role)
    return tag.replace(/(\scount\s*=\s*)(?:"[^"]*"|'[^']*')/, `$1"${counts[role]}"`)
  })
  const missing = Object.keys(counts).find((asked) => !done.has(asked))
  if (missing !== undefined) throw new Error(`The configuration has no Instances of role ${missing} to change.`)
  return changed
}

/** The name in a start tag, character references resolved. */
function nameIn(tag: string): string | undefined {
  const quoted = /\sname\s*=\s*("[^"]*"|'[^']*')/.exec(tag)?.[1]
  return quoted && parseXml(`<tag name=${quoted}/>`).attributes['name']
}
