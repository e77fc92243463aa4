/** The script of a role: how long it takes for each step, and what goes wrong. */
export interface Behaviour {
  /** From the start of the guest to the first heartbeat of its agent. */
  readonly bootMs: number
  readonly configureMs: number
  readonly unpackMs: number
  /** Startup tasks and OnStart. */
  readonly onStartMs: number
  readonly onStopMs: number
  /** Changing and Changed. */
  readonly changeMs: number
  /** The host process ends that long after OnStart has returned; undefined: it serves for ever. */
  readonly endsAfterMs?: number | undefined
  /** True: OnStart throws. */
  readonly failsOnStart?: boolean | undefined
  /** True: Changing is cancelled (U-48). */
  readonly cancelsChanges?: boolean | undefined
  /** True: a role root cannot be unpacked, because the disk is full. */
  readonly diskIsFull?: boolean | undefined
}

export const wellBehaved: Behaviour = {
  bootMs: 800,
  configureMs: 300,
  unpackMs: 200,
  onStartMs: 900,
  onStopMs: 500,
  changeMs: 100,
}
