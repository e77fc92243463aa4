/** Changes of the addresses that a subscription keeps (section 17 of service-management-api.md). */
export type ReservedAddressCommand =
  | {
      readonly kind: 'reserveAddress'
      readonly reservedAddress: string
      /** As it came: plain, or in Base64. */
      readonly label?: string | undefined
      readonly location: string
    }
  | { readonly kind: 'releaseAddress'; readonly reservedAddress: string }

/** A VIP that the subscription keeps, whether a deployment has it or none. */
export interface ReservedAddressView {
  readonly name: string
  readonly address: string
  /** 32 hexadecimal digits. */
  readonly id: string
  readonly label?: string | undefined
  readonly location: string
  /** The deployment that has it now. */
  readonly user?: { readonly service: string; readonly deployment: string } | undefined
}
