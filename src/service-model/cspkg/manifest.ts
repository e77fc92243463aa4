import { child, childrenOf, type Element, xml } from '../../kernel/xml.ts'
import { damaged } from './refusal.ts'
import { readXmlPart } from './xml-part.ts'

/** A `.csman` (package-format.md 2.2): the hash of every part of its ZIP. */
export interface Manifest {
  /** '1': not encrypted. */
  readonly keyType: string
  readonly items: readonly ManifestItem[]
  /** Undefined: the element is absent. */
  readonly systemSettings?: readonly string[]
  readonly applicationSettings?: readonly string[]
  readonly namedStreams: readonly string[]
}

export interface ManifestItem {
  /** Part name without `/`; in a role package the path with `\` in front of every segment. */
  readonly name: string
  /** SHA-256 of the part as stored, upper-case hexadecimal. */
  readonly hash: string
  /** `/` and the OPC part name. */
  readonly uri: string
  /** FILETIME, 100 ns since 1601-01-01 UTC, decimal; in role packages only. */
  readonly created?: string
  readonly modified?: string
}

export const notEncrypted = '1'
const sha256HashType = '1'

/** SHA-256 of no bytes: every packer writes it for the parts of the named stream package (2.2). */
export const hashOfNothing = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855'

export function readManifest(part: string, text: string): Manifest {
  const root = readXmlPart(part, text, 'PackageManifest')
  const contents = child(root, 'Contents')
  if (!contents) throw damaged(part, 'has no Contents')
  if (contents.attributes.hashtype !== sha256HashType)
    throw damaged(part, `uses hash type ${contents.attributes.hashtype ?? '(none)'} where 1 (SHA-256) was expected`)
  return {
    keyType: child(root, 'Encryption')?.attributes.keytype ?? notEncrypted,
    items: childrenOf(contents, 'Item').map((item) => readItem(part, item)),
    namedStreams: childrenOf(child(root, 'NamedStreams'), 'Stream').map(({ attributes }) => attributes.name ?? ''),
  }
}

function readItem(part: string, { attributes, line }: Element): ManifestItem {
  const { name, hash, uri } = attributes
  if (name === undefined || uri === undefined || !/^[0-9a-f]{64}$/i.test(hash ?? ''))
    throw damaged(part, `has an Item without a name, uri or SHA-256 hash on line ${line}`)
  return { name, hash: (hash as string).toUpperCase(), uri }
}

/** One line with a byte order mark and without XML declaration, as every packer writes it. */
export function writeManifest(manifest: Manifest): string {
  const settings = (element: string, keys: readonly string[] | undefined) =>
    keys &&
    xml(
      element,
      {},
      keys.map((key) => xml('Setting', { key })),
    )
  const items = manifest.items.map(({ name, hash, uri, created, modified }) =>
    xml('Item', { name, hash, uri, created, modified }),
  )
  const root = xml('PackageManifest', { version: 2 }, [
    xml('Encryption', { keytype: manifest.keyType }),
    xml('Contents', { hashtype: sha256HashType }, items),
    settings('SystemConfigurationSettings', manifest.systemSettings),
    settings('ApplicationConfigurationSettings', manifest.applicationSettings),
    xml(
      'NamedStreams',
      {},
      manifest.namedStreams.map((name) => xml('Stream', { name })),
    ),
  ])
  return `\uFEFF${root.markup}`
}
