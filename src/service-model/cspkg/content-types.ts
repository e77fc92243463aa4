import { type Markup, xml } from '../../kernel/xml.ts'
import { xmlDocument } from './xml-part.ts'

/** Where every OPC package stores its content types. A reader does not need them (package-format.md 1). */
export const contentTypesPart = '[Content_Types].xml'

/** `[Content_Types].xml`: types by extension, and by whole part name where a part differs. */
export function writeContentTypes(
  defaults: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): string {
  const lines: Markup[] = [
    ...Object.entries(defaults).map(([extension, type]) => xml('Default', { Extension: extension, ContentType: type })),
    ...Object.entries(overrides).map(([part, type]) => xml('Override', { PartName: `/${part}`, ContentType: type })),
  ]
  return xmlDocument(xml('Types', { xmlns: 'http://schemas.openxmlformats.org/package/2006/content-types' }, lines))
}

/** Types of the relationship and manifest parts, the same in every nested ZIP. */
export const commonTypes = {
  rels: 'application/vnd.openxmlformats-package.relationships+xml',
  csman: 'text/ucmanifest',
} as const

/** The types of a role package: user content by extension, by name where there is none, and the manifest apart (2.6). */
export function roleContentTypes(partNames: readonly string[], manifest: string): string {
  const defaults: Record<string, string> = { rels: commonTypes.rels }
  const overrides: Record<string, string> = {}
  for (const part of partNames) {
    const extension = /\.([^./]+)$/.exec(part)?.[1]
    if (extension === undefined) overrides[part] = 'user/user'
    // Two spellings of one extension would be two Defaults for the same thing, which OPC forbids.
    else if (!Object.keys(defaults).some((known) => known.toLowerCase() === extension.toLowerCase()))
      defaults[extension] = 'user/user'
  }
  return writeContentTypes(defaults, { ...overrides, [manifest]: commonTypes.csman })
}
