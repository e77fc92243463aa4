/** A guest operating system family that a configuration may ask for with `osFamily` (service-model.md 3). */
export interface OsFamily {
  readonly family: number
  readonly label: string
  /** Releases, the newest and default one first. Reddog has one profile a family, so one release. */
  readonly releases: readonly string[]
}

const labels = [
  'Windows Server 2008 SP2',
  'Windows Server 2008 R2',
  'Windows Server 2012',
  'Windows Server 2012 R2',
  'Windows Server 2016',
  'Windows Server 2019',
  'Windows Server 2022',
]

/** Families 1 to 7. */
export const osFamilies: readonly OsFamily[] = labels.map((label, index) => ({
  family: index + 1,
  label,
  releases: [`WA-GUEST-OS-${index + 1}.1_202601-01`],
}))
