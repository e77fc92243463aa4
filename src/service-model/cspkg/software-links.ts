import { child, childrenOf } from '../../kernel/xml.ts'
import { damaged } from './refusal.ts'
import { readXmlPart } from './xml-part.ts'

/** Role name → file name of its role package: all that a reader needs of the `.rd` (package-format.md 2.4). */
export function readSoftwareLinks(part: string, text: string): ReadonlyMap<string, string> {
  const links = new Map<string, string>()
  for (const group of childrenOf(child(readXmlPart(part, text, 'serviceModel'), 'groups'), 'group'))
    for (const member of childrenOf(child(group, 'components'), 'groupHascomponents'))
      for (const { attributes, line } of childrenOf(member, 'role')) {
        const { name, software } = attributes
        if (!name || !software) throw damaged(part, `has a role without name or software on line ${line}`)
        if (links.has(name)) throw damaged(part, `lists the role "${name}" twice`)
        links.set(name, software)
      }
  return links
}
