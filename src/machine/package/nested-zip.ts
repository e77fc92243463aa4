import { join } from 'node:path'
import { contentTypesPart } from '../../service-model/cspkg/content-types.ts'
import { type Manifest, notEncrypted, writeManifest } from '../../service-model/cspkg/manifest.ts'
import { relationshipsPart, relationshipTypes, writeRelationships } from '../../service-model/cspkg/relationships.ts'
import { measure } from './measure.ts'
import type { Stamp } from './stamp.ts'
import { writeZip, type ZipItem } from './write-zip.ts'

/** Where the parts are made, and the one time stamp of everything made by the packer. */
export interface Bench {
  readonly directory: string
  readonly nowMs: number
  readonly stamp: Stamp
}

/** A nested ZIP that was written, ready for the outer one. */
export interface NestedZip {
  readonly name: string
  readonly file: string
  readonly sha256: string
}

/** A nested ZIP: its own parts, then relationships, manifest and content types. */
export async function writeNested(
  prefix: string,
  extension: string,
  parts: {
    readonly entries: readonly ZipItem[]
    readonly manifest: Manifest
    readonly relationship: readonly [id: string, name: string] | undefined
    readonly types: (manifestName: string) => string
  },
  bench: Bench,
): Promise<NestedZip> {
  const manifest = writeManifest(parts.manifest)
  const manifestName = `${bench.stamp.guid(manifest)}.csman`
  const relationships = [...(parts.relationship ? [parts.relationship] : []), ['MANIFEST', manifestName] as const].map(
    ([id, name]) => ({ type: relationshipTypes.required, target: `/${name}`, id }),
  )
  const name = `${prefix}${bench.stamp.guid(`${prefix}${manifest}`)}.${extension}`
  const file = join(bench.directory, name)
  await writeZip(file, [
    ...parts.entries,
    made(relationshipsPart, writeRelationships(relationships), bench),
    made(manifestName, manifest, bench),
    made(contentTypesPart, parts.types(manifestName), bench),
  ])
  return { name, file, sha256: (await measure({ source: file })).sha256 }
}

/** A part that the packer made itself. */
export function made(name: string, text: string, { nowMs }: Bench): ZipItem & { readonly source: Buffer } {
  return { name, source: Buffer.from(text), timeMs: nowMs }
}

/** A manifest of parts whose names stand as they are in the ZIP. */
export async function manifestOf(entries: readonly ZipItem[]): Promise<Manifest> {
  const measured = await Promise.all(entries.map(measure))
  const items = measured.map(({ name, sha256 }) => ({
    name: decodeURIComponent(name),
    hash: sha256.toUpperCase(),
    uri: `/${name}`,
  }))
  return { keyType: notEncrypted, items, namedStreams: [] }
}
