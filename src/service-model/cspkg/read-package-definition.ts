import { child, childrenOf, childText, type Element } from '../../kernel/xml.ts'
import {
  type ContentDefinition,
  type PackageDefinition,
  productVersionKey,
  type RoleLayout,
  rolePrefix,
} from './package-definition.ts'
import { partPath, pathKey } from './part-path.ts'
import { damaged } from './refusal.ts'
import { readXmlPart } from './xml-part.ts'

/** Throws Refusal when a name stands there twice or a number is none. Layouts that are no role's are left out. */
export function readPackageDefinition(part: string, text: string): PackageDefinition {
  const root = readXmlPart(part, text, 'PackageDefinition')
  const version = childrenOf(child(root, 'PackageMetaData'), 'KeyValuePair').find(
    (pair) => childText(pair, 'Key') === productVersionKey,
  )
  const contents = childrenOf(child(root, 'PackageContents'), 'ContentDefinition').map((one) => readContent(part, one))
  onlyOnce(
    part,
    contents.map(({ name }) => name),
  )
  const layouts = childrenOf(child(root, 'PackageLayouts'), 'LayoutDefinition')
    .filter((layout) => childText(layout, 'Name')?.startsWith(rolePrefix))
    .map((layout) => readLayout(part, layout))
  onlyOnce(
    part,
    layouts.map(({ role }) => pathKey(role)),
  )
  return { productVersion: childText(version, 'Value') ?? '', contents, layouts }
}

function readContent(part: string, element: Element): ContentDefinition {
  const name = required(part, element, 'Name')
  const description = child(element, 'ContentDescription')
  const length = childText(description, 'LengthInBytes') ?? ''
  const lengthBytes = Number(length)
  if (!/^\d+$/.test(length) || !Number.isSafeInteger(lengthBytes))
    throw damaged(part, `gives no length for the content "${name}" (line ${element.line})`)
  // The misspelling is the format's own.
  const algorithm = childText(description, 'IntegrityCheckHashAlgortihm') ?? 'None'
  if (algorithm !== 'None' && algorithm !== 'Sha256')
    throw damaged(part, `names the hash algorithm "${algorithm}" for the content "${name}", not None or Sha256`)
  const hash = algorithm === 'Sha256' ? (childText(description, 'IntegrityCheckHash') ?? '') : undefined
  return { name, lengthBytes, hash, dataStorePath: childText(description, 'DataStorePath') ?? name }
}

function readLayout(part: string, element: Element): RoleLayout {
  const definitions = childrenOf(child(element, 'LayoutDescription'), 'FileDefinition')
  const files = definitions.map((file) => {
    const description = child(file, 'FileDescription')
    return {
      filePath: required(part, file, 'FilePath'),
      content: childText(description, 'DataContentReference') ?? '',
      created: childText(description, 'CreatedTimeUtc') ?? '',
      modified: childText(description, 'ModifiedTimeUtc') ?? '',
    }
  })
  onlyOnce(
    part,
    files.map(({ filePath }) => pathKey(partPath(filePath))),
  )
  return { role: required(part, element, 'Name').slice(rolePrefix.length), files }
}

function required(part: string, element: Element, local: string): string {
  const text = childText(element, local)
  if (!text) throw damaged(part, `has a ${element.local} without ${local} on line ${element.line}`)
  return text
}

function onlyOnce(part: string, names: readonly string[]): void {
  const met = new Set<string>()
  for (const name of names) {
    if (met.has(name)) throw damaged(part, `lists "${name}" twice`)
    met.add(name)
  }
}
