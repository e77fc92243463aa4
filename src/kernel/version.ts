/** Version of Reddog: package.json's own, as a test sees to. */
export const version = '0.2.0'

/**
 * Version of what parts of different machines say to each other. Machines are upgraded one after the other: parts whose versions differ by one
 * understand each other in both directions (docs/decisions/releases.md).
 */
export const contractVersion = 1

/** Schema of the stored records. A store of a later one is refused, and not touched; one of an earlier one is brought up when it is opened. */
export const storeSchema = 2
