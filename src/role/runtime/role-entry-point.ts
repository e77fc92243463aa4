/**
 * What a worker role's module exports by default: an object, or a class without constructor arguments, with any of these.
 * Each has the meaning of its .NET namesake (role-runtime.md 8).
 */
export interface RoleEntryPoint {
  /** The instance is Busy and out of rotation until this ends. `false` ends the process, and the role is started again. */
  onStart?(): boolean | undefined | Promise<boolean | undefined>
  /** Begins as the instance becomes Ready. It must not end: when it does the role is recycled (H-31). Without it the host sleeps for ever. */
  run?(): unknown
  /** After Stopping; the process ends when this ends, at the latest at the stop's deadline (H-28, H-29). */
  onStop?(): unknown
}
