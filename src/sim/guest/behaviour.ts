/** The script of a guest and its role: how long it takes for each step, and what goes wrong. */
export interface Behaviour {
  /** From the start of the guest to that of its agent. */
  readonly bootMs: number
  readonly configureMs: number
  readonly unpackMs: number
  /** The simple startup task. */
  readonly taskMs: number
  /** The background or foreground task ends that long after its start; undefined: it never ends by itself. */
  readonly besideMs?: number | undefined
  readonly onStartMs: number
  readonly onStopMs: number
  /** Changing; Changed takes no time. */
  readonly changeMs: number
  /** The host process ends that long after OnStart has returned; undefined: it serves for ever. */
  readonly endsAfterMs?: number | undefined
  /** Run returns that long after OnStart has returned; undefined: never. */
  readonly returnsAfterMs?: number | undefined
  /** True: the startup task does not return success. */
  readonly taskFails?: boolean | undefined
  /** True: OnStart throws. */
  readonly failsOnStart?: boolean | undefined
  /** True: Changing is cancelled (U-48). */
  readonly cancelsChanges?: boolean | undefined
  /** True: StatusCheck is answered with Busy (H-32). */
  readonly isBusy?: boolean | undefined
  /** True: the role answers only a stop (H-10). */
  readonly hangs?: boolean | undefined
  /** True: a role root cannot be unpacked, because the disk is full. */
  readonly diskIsFull?: boolean | undefined
}

export const wellBehaved: Behaviour = {
  bootMs: 800,
  configureMs: 300,
  unpackMs: 200,
  taskMs: 100,
  onStartMs: 700,
  onStopMs: 500,
  changeMs: 100,
}
