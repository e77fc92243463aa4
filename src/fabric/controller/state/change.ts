import type { Records, TableName } from './records.ts'

/** One record to store, or to drop when `record` is undefined. */
export type Change = {
  [Name in TableName]: { readonly table: Name; readonly key: string; readonly record: Records[Name] | undefined }
}[TableName]
