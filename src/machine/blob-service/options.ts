/** What the Blob service is started with. Accounts and keys come in AZURITE_ACCOUNTS, as with Azurite itself. */
export interface BlobServiceOptions {
  readonly address: string
  readonly port: number
  /** A socket that listens already, instead of `address` and `port`: its file descriptor. */
  readonly socket?: number
  /** Directory of the blobs. */
  readonly location: string
  readonly readyFile: string
}
