/** What the operator has said about this server. */
export interface Place {
  /** `x-ms-servedbyregion`. */
  readonly region: string
  /** Names of locations, at least one (S-3). */
  readonly locations: readonly string[]
  /** The account that packages are uploaded to (B-5). */
  readonly storage: StorageAccount
}

export interface StorageAccount {
  readonly name: string
  /** Base64. */
  readonly key: string
  readonly blobEndpoint: string
}
