import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { encrypted } from '../../service-model/cspkg/incomplete.ts'
import { notEncrypted } from '../../service-model/cspkg/manifest.ts'
import type { RoleParts, TextPart } from '../../service-model/cspkg/model-of.ts'
import { streamPath } from '../../service-model/cspkg/named-streams.ts'
import { overlayPartOf } from '../../service-model/cspkg/overlay.ts'
import { partPath, pathKey } from '../../service-model/cspkg/part-path.ts'
import { damaged } from '../../service-model/cspkg/refusal.ts'
import { productVersionOf } from '../../service-model/cspkg/relationships.ts'
import { readSoftwareLinks } from '../../service-model/cspkg/software-links.ts'
import { type OpenedZip, openZip } from './open-zip.ts'
import type { PackageReading, Surroundings } from './package-reading.ts'
import type { Quarantine } from './quarantine.ts'
import { rolePartsOf } from './role-parts.ts'
import { readText, savePart, verifyPart } from './save-part.ts'
import { isVendorFile, type RoleFile, unpackRole } from './unpack-role.ts'
import { type ListedPart, type ManifestedZip, readManifested, related } from './verified-zip.ts'

/**
 * The legacy layout, a ZIP of ZIPs (package-format.md 2 and 5): verifies every hash, unpacks every role.
 * Throws Refusal; for an encrypted package after its definition was read (2.7).
 */
export async function readLegacy(
  zip: OpenedZip,
  quarantine: Quarantine,
  surroundings: Surroundings,
): Promise<PackageReading> {
  const { limits } = quarantine
  const outer = await readManifested(zip, limits)
  const nested = await saveNested(outer, quarantine)
  const definition = await readInner(outer, nested, 'SERVICEDESCRIPTION', quarantine)
  if (outer.manifest.keyType !== notEncrypted) throw encrypted(definition, outer.manifest.keyType)

  const rd = await readInner(outer, nested, 'SERVICEMODEL', quarantine)
  const software = readSoftwareLinks(rd.name, rd.text)
  const streams = await readSupportStreams(outer, nested, [...software.keys()], quarantine)
  const roles = new Map<string, RoleParts>()
  const files = new Map<string, readonly RoleFile[]>()
  const warnings = outer.unlisted.filter((path) => !overlayPartOf(path)).map(leftOut)
  for (const [role, fileName] of software) {
    const from = nestedNamed(nested, fileName, role)
    const { parts, own, unlisted } = await readRole(role, from, { definition, quarantine, ...surroundings })
    roles.set(role, { ...parts, supportData: streams.get(role) })
    files.set(role, own)
    warnings.push(...unlisted.map((path) => leftOut(`${fileName}/${path}`)))
  }
  await rm(join(quarantine.directory, 'parts'), { recursive: true })
  const productVersion = productVersionOf(outer.relationships)
  return { parts: { kind: 'legacy', definition, productVersion, roles: Object.fromEntries(roles) }, files, warnings }
}

type Nested = ReadonlyMap<string, { readonly name: string; readonly file: string }>

/** A ZIP inside a ZIP can be read only from a file; saving it verifies its hash at once. */
async function saveNested({ listed }: ManifestedZip, quarantine: Quarantine): Promise<Nested> {
  const directory = join(quarantine.directory, 'parts')
  await mkdir(directory)
  const nested = new Map<string, { name: string; file: string }>()
  for (const { part, hash } of listed) {
    const file = join(directory, `${nested.size}.zip`)
    quarantine.spend(part.sizeBytes)
    await savePart(part, file, hash)
    nested.set(pathKey(part.path), { name: part.path, file })
  }
  return nested
}

/** The text that csdx or csmx exists for: the definition or the `.rd`, all its hashes checked. */
async function readInner(
  outer: ManifestedZip,
  nested: Nested,
  id: 'SERVICEDESCRIPTION' | 'SERVICEMODEL',
  { limits }: Quarantine,
): Promise<TextPart> {
  const { name, file } = nestedAt(nested, related(outer, id))
  await using zip = await openZip(file, name, limits)
  const inner = await readManifested(zip, limits)
  for (const { part, hash } of inner.listed) await verifyPart(part, hash)
  const { part, hash } = related(inner, id)
  return { name: part.path, text: await readText(part, hash, limits) }
}

/** Hashes of the named streams are never right and are not checked (2.2); a package without the streams is readable. */
async function readSupportStreams(
  outer: ManifestedZip,
  nested: Nested,
  roles: readonly string[],
  { limits }: Quarantine,
): Promise<ReadonlyMap<string, TextPart>> {
  const streams = new Map<string, TextPart>()
  if (!outer.relationships.some(({ id }) => id === 'NAMEDSTREAMPACKAGE')) return streams
  const { name, file } = nestedAt(nested, related(outer, 'NAMEDSTREAMPACKAGE'))
  await using zip = await openZip(file, name, limits)
  for (const role of roles) {
    const part = zip.parts.get(pathKey(streamPath('SupportData', role)))
    if (part) streams.set(role, { name: part.label, text: await readText(part, undefined, limits) })
  }
  return streams
}

async function readRole(
  role: string,
  { name, file }: { readonly name: string; readonly file: string },
  reading: Surroundings & { readonly definition: TextPart; readonly quarantine: Quarantine },
): Promise<{ parts: RoleParts; own: readonly RoleFile[]; unlisted: readonly string[] }> {
  const { definition, quarantine, overlays, opened } = reading
  const { limits } = quarantine
  const zip = opened.use(await openZip(file, name, limits))
  const manifested = await readManifested(zip, limits)
  if (manifested.manifest.keyType !== notEncrypted) throw encrypted(definition, manifested.manifest.keyType)
  const files = manifested.listed.map(({ part, hash }) => ({ path: part.path, part, hash }))
  for (const { part, hash } of files.filter(({ path }) => isVendorFile(path))) await verifyPart(part, hash)
  const own = overlays.over(
    role,
    files.filter(({ path }) => !isVendorFile(path)),
  )
  const contents = await unpackRole(role, own, quarantine)
  return { parts: await rolePartsOf(name, own, contents, limits), own, unlisted: manifested.unlisted }
}

function nestedAt(nested: Nested, { part }: ListedPart): { readonly name: string; readonly file: string } {
  return nested.get(pathKey(part.path)) as { name: string; file: string }
}

function nestedNamed(nested: Nested, fileName: string, role: string): { readonly name: string; readonly file: string } {
  const found = nested.get(pathKey(partPath(fileName)))
  if (!found) throw damaged(fileName, `is absent, and the service model names it for the role "${role}"`)
  return found
}

function leftOut(path: string): string {
  return `The part "${path}" is listed in no manifest; it was left out.`
}
