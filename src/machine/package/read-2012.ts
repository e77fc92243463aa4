import { partsAbsent } from '../../service-model/cspkg/incomplete.ts'
import type { RoleParts, TextPart } from '../../service-model/cspkg/model-of.ts'
import { streamPath } from '../../service-model/cspkg/named-streams.ts'
import type { ContentDefinition, PackageDefinition, RoleLayout } from '../../service-model/cspkg/package-definition.ts'
import { partPath, pathKey } from '../../service-model/cspkg/part-path.ts'
import { readPackageDefinition } from '../../service-model/cspkg/read-package-definition.ts'
import { damaged } from '../../service-model/cspkg/refusal.ts'
import { readRelationships, relationshipsPart, relationshipTypes } from '../../service-model/cspkg/relationships.ts'
import { readSoftwareLinks } from '../../service-model/cspkg/software-links.ts'
import type { OpenedZip, ZipPart } from './open-zip.ts'
import type { PackageReading, Surroundings } from './package-reading.ts'
import type { Quarantine } from './quarantine.ts'
import type { Overlays } from './read-overlays.ts'
import { rolePartsOf } from './role-parts.ts'
import { type ExpectedHash, readText, verifyPart } from './save-part.ts'
import { isVendorFile, type RoleFile, unpackRole } from './unpack-role.ts'
import { partOf } from './verified-zip.ts'

interface Content {
  readonly part: ZipPart
  readonly hash: ExpectedHash
}

/** The 2012-03-15 layout, one flat ZIP (package-format.md 3): checks length and hash of every part, unpacks every role. Throws Refusal. */
export async function read2012(
  zip: OpenedZip,
  quarantine: Quarantine,
  { overlays }: Surroundings,
): Promise<PackageReading> {
  const { limits } = quarantine
  const packageXml = await findPackageXml(zip, quarantine)
  const description = readPackageDefinition(packageXml.label, await readText(packageXml, undefined, limits))
  const contents = new Map(description.contents.flatMap((one) => presentContent(zip, one)))

  const definition = await readServiceFile(zip, contents, 'csdef', quarantine)
  refuseAbsent(definition, description, contents)
  const rd = await readServiceFile(zip, contents, 'rd', quarantine)
  const software = readSoftwareLinks(rd.name, rd.text)
  const lost = [...software.keys()].find((role) => !description.layouts.some((layout) => layout.role === role))
  if (lost !== undefined) throw damaged(packageXml.label, `has no layout for the role "${lost}"`)

  const roles = new Map<string, RoleParts>()
  const files = new Map<string, readonly RoleFile[]>()
  for (const layout of description.layouts) {
    const supportData = await readStream(zip, contents, layout.role, quarantine)
    const { parts, own } = await readRole(layout, contents, quarantine, overlays)
    roles.set(layout.role, { ...parts, supportData })
    files.set(layout.role, own)
  }
  const { productVersion } = description
  const parts = { kind: '2012-03-15', definition, productVersion, roles: Object.fromEntries(roles) } as const
  return { parts, files, warnings: [] }
}

async function findPackageXml(zip: OpenedZip, { limits }: Quarantine): Promise<ZipPart> {
  const part = partOf(zip, relationshipsPart)
  const relationships = readRelationships(part.label, await readText(part, undefined, limits))
  // Packers mark this target as external, and it is not (section 3).
  return partOf(zip, relationships.find(({ type }) => type === relationshipTypes.packageDefinition)?.target ?? '')
}

function presentContent(zip: OpenedZip, content: ContentDefinition): readonly (readonly [string, Content])[] {
  const part = zip.parts.get(pathKey(partPath(content.dataStorePath)))
  if (!part) return []
  if (part.sizeBytes !== content.lengthBytes)
    throw damaged(part.label, `has ${part.sizeBytes} bytes where package.xml states ${content.lengthBytes}`)
  const hash = content.hash === undefined ? undefined : ({ encoding: 'base64', digest: content.hash } as const)
  return [[content.name, { part, hash }]]
}

function refuseAbsent(
  definition: TextPart,
  { layouts, contents }: PackageDefinition,
  present: ReadonlyMap<string, Content>,
): void {
  const paths = new Map(contents.map(({ name, dataStorePath }) => [name, dataStorePath]))
  const absent = layouts.flatMap(({ role, files }) =>
    files
      .filter(({ content }) => !present.has(content))
      .map(({ filePath, content }) => ({ role, filePath, part: paths.get(content) ?? content })),
  )
  if (absent.length > 0) throw partsAbsent(definition, absent)
}

/** `ServiceDefinition/<base>.csdef` or `.rd`; a ZIP part that package.xml does not list has no hash to check. */
async function readServiceFile(
  zip: OpenedZip,
  contents: ReadonlyMap<string, Content>,
  extension: string,
  { limits }: Quarantine,
): Promise<TextPart> {
  const part = [...zip.parts.values()].find(({ path }) =>
    new RegExp(`^ServiceDefinition/[^/]+\\.${extension}$`, 'i').test(path),
  )
  if (!part) throw damaged(`ServiceDefinition/*.${extension}`, 'is absent')
  return {
    name: part.path.slice(part.path.indexOf('/') + 1),
    text: await readText(part, hashOf(contents, part), limits),
  }
}

async function readStream(
  zip: OpenedZip,
  contents: ReadonlyMap<string, Content>,
  role: string,
  { limits }: Quarantine,
): Promise<TextPart | undefined> {
  const part = zip.parts.get(pathKey(`NamedStreams/${streamPath('SupportData', role)}`))
  return part && { name: part.label, text: await readText(part, hashOf(contents, part), limits) }
}

function hashOf(contents: ReadonlyMap<string, Content>, part: ZipPart): ExpectedHash {
  return contents.values().find((content) => content.part === part)?.hash
}

async function readRole(
  layout: RoleLayout,
  contents: ReadonlyMap<string, Content>,
  quarantine: Quarantine,
  overlays: Overlays,
): Promise<{ parts: RoleParts; own: readonly RoleFile[] }> {
  const files = layout.files.map(({ filePath, content }) => ({
    path: partPath(filePath),
    ...(contents.get(content) as Content),
  }))
  for (const { part, hash } of files.filter(({ path }) => isVendorFile(path))) await verifyPart(part, hash)
  const own = overlays.over(
    layout.role,
    files.filter(({ path }) => !isVendorFile(path)),
  )
  const unpacked = await unpackRole(layout.role, own, quarantine)
  return { parts: await rolePartsOf(`Roles/${layout.role}`, own, unpacked, quarantine.limits), own }
}
