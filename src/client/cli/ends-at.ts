import { constants } from 'node:os'

/**
 * Ends the process at these signals with the exit code that shells show for them, after its cleanup: a signal alone would leave its temporary
 * directories.
 */
export function endsAt(signals: readonly NodeJS.Signals[]): void {
  // Caught again and again: a second one would otherwise cut the removal short.
  for (const signal of signals) process.on(signal, () => process.exit(128 + constants.signals[signal]))
}
