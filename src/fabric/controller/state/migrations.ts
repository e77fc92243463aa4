/**
 * What a record becomes in a schema, from what it was in the one before: undefined drops it. It takes a record that is so already as it is, for an
 * interruption begins again.
 */
export type Migration = (key: string, record: unknown) => unknown

/** By the schema that they lead to (`storeSchema`, docs/decisions/releases.md). The schemas so far only add tables and optional fields. */
export const migrations: Readonly<Record<number, Migration>> = {}
