/** As in src/guest/app-agent/WaAppAgent: an agent that lived shorter counts as failed, and the next ones wait longer and longer. */
export const settledMs = 10_000
const stepMs = 1_000
export const longestMs = 30_000

/** WaAppAgent's patience: returns how long it waits after an agent that lived so long. */
export function restartDelays(): (livedMs: number) => number {
  let nextMs = 0
  return (livedMs) => {
    const delayMs = livedMs >= settledMs ? 0 : nextMs
    nextMs = livedMs >= settledMs ? 0 : Math.min(nextMs + stepMs, longestMs)
    return delayMs
  }
}
