/** Between two writes. Origin: choice; IIS itself may hold lines back for a minute. */
const writeEveryMs = 1_000

/** Characters at which lines are written without waiting: those that wait for a second outlive the collector's young space, and fill the old one. */
const writeAt = 64 * 1024

/** Lines that are written together. */
export interface Batch<Line> {
  readonly add: (line: Line, size: number) => void
  /** Writes what waits, at once. */
  readonly flush: () => void
}

export function batchOf<Line>(write: (lines: readonly Line[]) => void): Batch<Line> {
  let held: Line[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const lines = held
    held = []
    size = 0
    if (lines.length > 0) write(lines)
  }

  return {
    add(line, lineSize) {
      held.push(line)
      size += lineSize
      if (size >= writeAt) flush()
      else timer ??= setTimeout(flush, writeEveryMs).unref()
    },
    flush,
  }
}
