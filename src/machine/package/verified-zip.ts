import { type Manifest, type ManifestItem, readManifest } from '../../service-model/cspkg/manifest.ts'
import { partPath, pathKey } from '../../service-model/cspkg/part-path.ts'
import { damaged } from '../../service-model/cspkg/refusal.ts'
import {
  type Relationship,
  readRelationships,
  relationshipsPart,
  targetOf,
} from '../../service-model/cspkg/relationships.ts'
import type { PackageLimits } from './limits.ts'
import type { OpenedZip, ZipPart } from './open-zip.ts'
import { type ExpectedHash, readText } from './save-part.ts'

/** A ZIP of the legacy layout with its relationships and manifest read. */
export interface ManifestedZip {
  readonly zip: OpenedZip
  readonly relationships: readonly Relationship[]
  readonly manifest: Manifest
  /** Every part that the manifest lists, with its hash; each is there. */
  readonly listed: readonly ListedPart[]
  /** Paths that no manifest vouches for: they are left out. */
  readonly unlisted: readonly string[]
}

export interface ListedPart {
  readonly part: ZipPart
  readonly hash: ExpectedHash
}

/** Throws Refusal when relationships or manifest are missing or unreadable, or a listed part is absent (package-format.md 2.2). */
export async function readManifested(zip: OpenedZip, limits: PackageLimits): Promise<ManifestedZip> {
  const relationshipsIn = partOf(zip, relationshipsPart)
  const relationships = readRelationships(relationshipsIn.label, await readText(relationshipsIn, undefined, limits))
  const manifestIn = partOf(zip, targetOf(relationshipsIn.label, relationships, 'MANIFEST'))
  const manifest = readManifest(manifestIn.label, await readText(manifestIn, undefined, limits))
  const listed = manifest.items.map((item) => ({ part: partOf(zip, item.uri), hash: hashOf(item) }))
  const known = new Set([relationshipsIn, manifestIn, ...listed.map(({ part }) => part)])
  const unlisted = [...zip.parts.values()].filter((part) => !known.has(part) && part.path !== '[Content_Types].xml')
  return { zip, relationships, manifest, listed, unlisted: unlisted.map(({ path }) => path) }
}

/** The part that a reference (`/a%20b.csdx`) names. Throws Refusal when it is absent. */
export function partOf(zip: OpenedZip, reference: string): ZipPart {
  const path = partPath(reference)
  const part = zip.parts.get(pathKey(path))
  if (!part) throw damaged(zip.name ? `${zip.name}/${path}` : path, 'is listed in the package and absent from it')
  return part
}

/** The listed part that is reached by a relationship's Id, with its hash. */
export function related(manifested: ManifestedZip, id: string): ListedPart {
  const { zip, relationships } = manifested
  const part = partOf(zip, targetOf(`${zip.name}/${relationshipsPart}`.replace(/^\//, ''), relationships, id))
  return vouchedFor(manifested, part)
}

/** Throws Refusal when no manifest lists the part. */
export function vouchedFor({ listed }: ManifestedZip, part: ZipPart): ListedPart {
  const found = listed.find((candidate) => candidate.part === part)
  if (!found) throw damaged(part.label, 'is not listed in the manifest')
  return found
}

function hashOf({ hash }: ManifestItem): ExpectedHash {
  return { encoding: 'hex', digest: hash.toLowerCase() }
}
