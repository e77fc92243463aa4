/** Offsets in a program for Windows, and the values there (PE format: the MS-DOS header, the file header, the optional header). */
const pe = {
  headerAt: 0x3c,
  signature: 'PE\0\0',
  machineAt: 4,
  x64: 0x8664,
  optionalAt: 24,
  /** Of a program of 64 bits: the address of its .NET header, the fifteenth of its data directories. */
  runtimeAt: 112 + 14 * 8,
} as const

/** The names of such files in wine; it is not used for others. */
export const batchFile = /\.(?:cmd|bat)$/i

/**
 * Why Debian's wine does not run that file, as a clause; undefined when no obstacle is visible from outside. `head`: its beginning, of a
 * program a character for each byte.
 */
export function whyNotByWine(name: string, head: string): string | undefined {
  if (batchFile.test(name)) return undefined
  if (!/\.exe$/i.test(name)) return 'it has no PowerShell and is not asked for scripts'
  const at = number(head, pe.headerAt, 4)
  if (!head.startsWith('MZ') || !head.startsWith(pe.signature, at)) return 'it begins like no program'
  if (number(head, at + pe.machineAt, 2) !== pe.x64)
    return 'it was built for another processor than x64, or as most of .NET for any'
  return number(head, at + pe.optionalAt + pe.runtimeAt, 4) === 0 ? undefined : 'it is for .NET'
}

/** Little endian; 0 beyond the end. */
function number(text: string, at: number, bytes: number): number {
  let value = 0
  for (let byte = bytes - 1; byte >= 0; byte -= 1) value = value * 256 + (text.charCodeAt(at + byte) || 0)
  return value
}
