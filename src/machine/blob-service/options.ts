/** The start options of the Blob service. Accounts and keys come in AZURITE_ACCOUNTS, as with Azurite itself. */
export interface BlobServiceOptions {
  readonly address: string
  readonly port: number
  /** Directory of the blobs. */
  readonly location: string
  readonly readyFile: string
}
