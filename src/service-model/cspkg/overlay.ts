import { Refusal } from './refusal.ts'

/** The name of a part that holds an overlay: its place among the overlays of the package, and the SHA-256 of the part (package-format.md 8). */
const overlayPart = /^Overlay\/(\d{1,4})-([0-9a-f]{64})\.zip$/i

export interface OverlayPart {
  /** From 1; the higher lies over the lower. */
  readonly place: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

export function overlayPartName({ place, sha256 }: OverlayPart): string {
  return `Overlay/${place}-${sha256}.zip`
}

/** Undefined for any other part. */
export function overlayPartOf(path: string): OverlayPart | undefined {
  const [, place, sha256] = overlayPart.exec(path) ?? []
  return sha256 === undefined ? undefined : { place: Number(place), sha256: sha256.toLowerCase() }
}

/** `Worker/approot/setup.sh` of an overlay: the role, and the path below its role root. Throws Refusal when there is no role in front. */
export function overlayPath(path: string): { readonly role: string; readonly path: string } {
  const cut = path.indexOf('/')
  if (cut > 0) return { role: path.slice(0, cut), path: path.slice(cut + 1) }
  throw new Refusal(
    `The overlay is refused: "${path}" belongs to no role. An overlay holds a directory for each role that it is laid over, such as "WorkerRole1/approot/startup.sh".`,
  )
}

/** For files of a role that the package does not have. */
export function noSuchRole(role: string, roles: readonly string[]): Refusal {
  return new Refusal(
    `The overlay is refused: it has a directory "${role}", and the package has no role of that name. It has "${roles.join('", "')}".`,
  )
}
