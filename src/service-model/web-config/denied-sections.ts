import type { Element } from '../../kernel/xml.ts'

/**
 * What a configuration's `configSections` keep from the files below (`overrideModeDefault="Deny"`, I-59): sections by their path below
 * system.webServer.
 */
export function deniedSections(root: Element): readonly string[] {
  const group = root.children
    .filter(({ local }) => local === 'configSections')
    .flatMap(({ children }) => children)
    .find(({ local, attributes }) => local === 'sectionGroup' && attributes['name'] === 'system.webServer')
  return group ? deniedIn(group, '') : []
}

function deniedIn({ children }: Element, path: string): readonly string[] {
  return children.flatMap((child) => {
    const { name = '', overrideModeDefault = 'Allow' } = child.attributes
    if (child.local === 'sectionGroup') return deniedIn(child, `${path}${name}/`)
    const isDenied = child.local === 'section' && overrideModeDefault.trim().toLowerCase() === 'deny'
    return isDenied ? [`${path}${name}`] : []
  })
}
