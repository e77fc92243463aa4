/** A line of a platform process's own log; the facility adds time and process. */
export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}
