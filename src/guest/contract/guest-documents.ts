/** The documents that the wire server of one guest sends; each is written when it is requested. */
export interface GuestDocuments {
  readonly containerId: string
  /** `<deployment ID>.<instance ID>` */
  readonly instanceId: string
  readonly incarnation: number
  /** `base` is `http://` and the Host header of the request: agents fetch URLs exactly as given (wire-server.md 5.2). */
  goalState(base: string): string
  /** A document of wire-server.md 6; undefined for a type that does not exist. */
  config(type: string, base: string): string | undefined
  /** Makes a PFX without password that holds the role's certificates and keys; undefined when it has none (wire-server.md 8). */
  readonly pfx?: (() => Promise<Uint8Array>) | undefined
  /** Digits of the machine key of a web role (I-14). */
  readonly machineKey?: (() => Uint8Array) | undefined
}
