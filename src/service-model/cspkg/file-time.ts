/** Milliseconds between the FILETIME epoch, 1601-01-01 UTC, and 1970-01-01. */
const epochMs = 11_644_473_600_000

/** A moment, in milliseconds since 1970, as decimal FILETIME: 100 ns since 1601-01-01 UTC (package-format.md 2.2). */
export function fileTime(instantMs: number): string {
  return String(BigInt(Math.round(instantMs) + epochMs) * 10_000n)
}
