import { join } from 'node:path'
import { overlayPartOf, overlayPath } from '../../service-model/cspkg/overlay.ts'
import { pathKey } from '../../service-model/cspkg/part-path.ts'
import { type OpenedZip, openZip } from './open-zip.ts'
import type { Quarantine } from './quarantine.ts'
import { savePart } from './save-part.ts'
import type { RoleFile } from './unpack-role.ts'

/** The overlays of a package (package-format.md 8), which lie over the roots of its roles. */
export interface Overlays {
  /** Roles that they have files for. */
  readonly roles: readonly string[]
  /** The files of a role with those of the overlays in their place, or beside them. */
  over(role: string, files: readonly RoleFile[]): readonly RoleFile[]
}

/** Opens the overlays of a package, checked like all of it; their ZIPs are among `opened`. Throws Refusal. */
export async function readOverlays(
  zip: OpenedZip,
  quarantine: Quarantine,
  opened: AsyncDisposableStack,
): Promise<Overlays> {
  const parts = [...zip.parts.values()]
    .flatMap((part) => {
      const overlay = overlayPartOf(part.path)
      return overlay ? [{ part, ...overlay }] : []
    })
    .toSorted((one, other) => one.place - other.place)
  const files = new Map<string, RoleFile[]>()
  for (const [index, { part, sha256 }] of parts.entries()) {
    const file = join(quarantine.directory, `overlay-${index}.zip`)
    quarantine.spend(part.sizeBytes)
    await savePart(part, file, { encoding: 'hex', digest: sha256 })
    const overlay = opened.use(await openZip(file, part.path, quarantine.limits))
    for (const entry of overlay.parts.values()) {
      const { role, path } = overlayPath(entry.path)
      const ofRole = files.get(role) ?? []
      ofRole.push({ path, part: entry, hash: undefined })
      files.set(role, ofRole)
    }
  }
  return {
    roles: [...files.keys()],
    over(role, own) {
      const all = new Map(own.map((file) => [pathKey(file.path), file]))
      for (const file of files.get(role) ?? []) {
        const key = pathKey(file.path)
        all.set(key, { ...file, path: inDirectoryOf(all.get(key)?.path ?? file.path, file.path) })
      }
      return [...all.values()]
    },
  }
}

/** A replacement file has a spelling of its own; its directories keep theirs, by which the package finds all other files in them. */
function inDirectoryOf(replaced: string, path: string): string {
  const nameOf = (whole: string) => whole.slice(whole.lastIndexOf('/') + 1)
  return replaced.slice(0, replaced.length - nameOf(replaced).length) + nameOf(path)
}
