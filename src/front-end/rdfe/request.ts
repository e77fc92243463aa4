import type { Instant } from '../../kernel/instant.ts'

/** A request as it came in, before any check. */
export interface ApiRequest {
  readonly method: string
  /** Path and query, as written. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The caller's certificate from the TLS handshake; only its possession of the key has been checked. */
  readonly certificate?: ClientCertificate | undefined
  readonly clientAddress: string
  /** Reads the body; undefined when it is larger than R-22 allows. Rejects when the connection breaks. */
  body(): Promise<Uint8Array | undefined>
}

export interface ClientCertificate {
  /** 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
  readonly expiresAt: Instant
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** '' for none. */
  readonly body: string
}
