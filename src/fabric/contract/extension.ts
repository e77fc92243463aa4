/** An extension that was added to a cloud service, without its private configuration (11.1). */
export interface Extension {
  /** Unique in its service, whatever its case. */
  readonly id: string
  readonly providerNamespace: string
  readonly type: string
  /** `X.Y`, `X.*` or `*`. */
  readonly version: string
  /** Upper case; a certificate of the service with which the private configuration was encrypted. */
  readonly thumbprint?: string | undefined
  readonly thumbprintAlgorithm?: string | undefined
  /** Base64, as it came. */
  readonly publicConfiguration?: string | undefined
}

export type ExtensionCommand =
  | {
      readonly kind: 'addExtension'
      readonly service: string
      readonly extension: Extension
      /** Sealed with the key of the fabric for `purposeOfConfiguration`. */
      readonly sealedConfiguration?: string | undefined
    }
  | { readonly kind: 'deleteExtension'; readonly service: string; readonly extension: string }

/** Which extensions a deployment has, for all roles and for single ones (11.2). */
export interface ExtensionChoice {
  readonly allRoles: readonly ExtensionUse[]
  readonly namedRoles: readonly { readonly role: string; readonly extensions: readonly ExtensionUse[] }[]
}

export interface ExtensionUse {
  readonly id: string
  readonly state: 'Enable' | 'Disable' | 'Uninstall'
}

/** What the private configuration of an extension is sealed for. */
export function purposeOfConfiguration(service: string, id: string): string {
  return `extension ${service.toLowerCase()}/${id.toLowerCase()}`
}
