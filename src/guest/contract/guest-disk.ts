/** A directory of a guest that takes no more than its size, where the machine can see to that (H-26). */
export interface GuestDisk {
  /** Below C:. */
  readonly path: string
  readonly sizeMB: number
  /** False: empty at each start of the guest. */
  readonly isKept: boolean
}
