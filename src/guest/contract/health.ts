/** A health report (wire-server.md 9). */
export interface Health {
  readonly goalStateIncarnation: number
  readonly containerId: string
  readonly instanceId: string
  readonly state: 'Ready' | 'NotReady' | 'Stopped'
  readonly subStatus?: string | undefined
  readonly description?: string | undefined
  /** Reddog's own agent: exits of the host stack in a row (H-14); travels as an attribute `failures` of Details. */
  readonly failures?: number | undefined
}
