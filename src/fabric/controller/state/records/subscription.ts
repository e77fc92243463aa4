import type { Instant } from '../../../../kernel/instant.ts'

export interface SubscriptionRecord {
  readonly id: string
  readonly name: string
  readonly status: 'Active' | 'Disabled'
  readonly createdAt: Instant
  readonly maxCores: number
  readonly maxServices: number
  readonly certificates: readonly ManagementCertificate[]
}

export interface ManagementCertificate {
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
  readonly createdAt: Instant
  /** Unknown of one that was added by an earlier version, or at the first start. */
  readonly expiresAt?: Instant | undefined
}
