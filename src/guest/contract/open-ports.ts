/** Ports of a guest from the first to the last. The host may call them all. */
export interface OpenPorts {
  readonly protocol: 'tcp' | 'udp' | 'any'
  readonly first: number
  readonly last: number
  /** Roles of its own deployment that may call them too. */
  readonly callers: readonly string[]
}
