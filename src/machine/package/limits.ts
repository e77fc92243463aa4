/** The limits of a package; the operator of the fabric can change every number. */
export interface PackageLimits {
  /** The package file. */
  readonly packageBytes: number
  /** Entries of one ZIP, and files of one role. */
  readonly entries: number
  /** One role when unpacked; nothing inside a package may be larger than that. */
  readonly roleBytes: number
  /** All that is written while a package is read. */
  readonly totalBytes: number
  /** An XML part, which is held in memory. */
  readonly textBytes: number
  /** Unpacked to packed size of one ZIP … */
  readonly ratio: number
  /** … which counts from this unpacked size on: a small file of zeros is no bomb. */
  readonly ratioFromBytes: number
  /** Heap of the reading process, in MiB. */
  readonly memoryMiB: number
  /** Processor time that the reading process has: work done, not the clock of a busy machine. In whole seconds. */
  readonly processorSeconds: number
  /** Reading stops when the process has neither worked nor read or written for so long, as on a disk that does not answer. */
  readonly stallMs: number
}

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

export const defaultPackageLimits: PackageLimits = {
  // The original platform's own limit for a package.
  packageBytes: 600 * MiB,
  // The limits of a ZIP without ZIP64.
  entries: 65_535,
  // The application disk of an instance (service-model.md 4).
  roleBytes: 1.5 * GiB,
  // Our choice: the parts of a package of 600 MiB and a handful of full roles.
  totalBytes: 10 * GiB,
  // Our choice: a manifest of 65,535 files has about 16 MB.
  textBytes: 24 * MiB,
  // Our choice: source code packs 5:1, logs 30:1; deflate ends at 1032:1.
  ratio: 100,
  ratioFromBytes: 64 * MiB,
  // Our choice: an XML part of textBytes fits.
  memoryMiB: 512,
  // Our choice: 65,535 files take 10 s, 1.5 GiB unpacked 15 s, each on a slow processor; ten times that.
  processorSeconds: 150,
  // Our choice: longer than a disk takes to come back.
  stallMs: 120_000,
}

/** `600 MiB`, `1.5 GiB`, `512 bytes`: a size for people. */
export function sizeText(bytes: number): string {
  const [unit, name] =
    bytes >= GiB ? [GiB, 'GiB'] : bytes >= MiB ? [MiB, 'MiB'] : bytes >= KiB ? [KiB, 'KiB'] : [1, 'bytes']
  return `${Number((bytes / unit).toFixed(1))} ${name}`
}
