/** Changes of the reserved addresses of a subscription (section 17 of service-management-api.md). */
export type ReservedAddressCommand =
  | {
      readonly kind: 'reserveAddress'
      readonly reservedAddress: string
      /** As it came: plain, or in Base64. */
      readonly label?: string | undefined
      readonly location: string
    }
  | { readonly kind: 'releaseAddress'; readonly reservedAddress: string }

/** A VIP that is reserved for the subscription, with or without a deployment. */
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
