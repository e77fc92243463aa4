import type { Instant } from '../../kernel/instant.ts'

/** Changes of affinity groups (S-6 of service-management-api.md). Labels are Base64, as they came. */
export type AffinityGroupCommand =
  | {
      readonly kind: 'createAffinityGroup'
      readonly group: string
      readonly label: string
      readonly description?: string | undefined
      readonly location: string
    }
  /** Omitted fields keep their values. */
  | {
      readonly kind: 'updateAffinityGroup'
      readonly group: string
      readonly label?: string | undefined
      readonly description?: string | undefined
    }
  | { readonly kind: 'deleteAffinityGroup'; readonly group: string }

export interface AffinityGroupView {
  readonly name: string
  readonly label: string
  readonly description?: string | undefined
  readonly location: string
  readonly createdAt: Instant
  /** Names of the cloud services in it. */
  readonly services: readonly string[]
}
