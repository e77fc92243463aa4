import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `manifest.json` of a backup: what it is, and what must be in it. */
export interface Manifest {
  /** Version of the backup's own form. */
  readonly format: number
  /** Version of the Reddog that took it. */
  readonly version: string
  /** Schema of the records (schema.ts). */
  readonly schema: number
  /** GUID: a fabric has one subscription for its life, which names it. */
  readonly subscriptionId: string
  /** ISO 8601. */
  readonly takenAt: string
  readonly records: number
  /** SHA-256 of each package that records name. */
  readonly packages: readonly string[]
}

/** Names below the directory of a backup. */
export const parts = {
  manifest: 'manifest.json',
  records: 'records.jsonl',
  fabric: 'fabric',
  packages: 'packages',
} as const

export const backupFormat = 1

/** The manifest of an opened backup. Throws one sentence when it is no backup, or one of a newer Reddog. */
export function readManifest(directory: string, schema: number): Manifest {
  const manifest = JSON.parse(readFileSync(join(directory, parts.manifest), 'utf8')) as Manifest
  if (manifest.format > backupFormat || manifest.schema > schema)
    throw new Error(
      `The backup was taken by Reddog ${manifest.version}, which is newer (form ${manifest.format}, schema ${manifest.schema}; this one knows ${backupFormat} and ${schema}). Use that version.`,
    )
  return manifest
}
