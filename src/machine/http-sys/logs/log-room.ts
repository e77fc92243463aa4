import { treeSize } from '../../guest-os/tree-size.ts'

/** What local storage has left for a log (I-37). */
export interface LogRoom {
  /** Whether so many bytes more may be written. */
  readonly take: (bytes: number) => boolean
}

/** How old a measurement may be: others write into the directory too. Origin: choice, as often as the guest agent measures (design.md 9.5). */
const measureAfterMs = 10_000

/** The room in a directory that may hold so many bytes in all; measured before it resolves, and again while there are takers. */
export async function roomIn(directory: string, quotaBytes: number): Promise<LogRoom> {
  let used = await treeSize(directory)
  let measuredAt = Date.now()
  let isMeasuring = false

  async function measure(): Promise<void> {
    isMeasuring = true
    const taken = used
    const found = await treeSize(directory)
    used = found + (used - taken)
    measuredAt = Date.now()
    isMeasuring = false
  }

  return {
    take(bytes) {
      if (!isMeasuring && Date.now() - measuredAt > measureAfterMs) void measure()
      if (used + bytes > quotaBytes) return false
      used += bytes
      return true
    },
  }
}
