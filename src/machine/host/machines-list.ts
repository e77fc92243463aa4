import { readSmallFile } from '../small-file.ts'

/** The certificates that are believed of each machine, by its name, as the file has them now; none when it cannot be read. */
export function believedCertificates(file: string): ReadonlyMap<string, ReadonlySet<string>> {
  try {
    const { machines } = JSON.parse(readSmallFile(file)?.bytes.toString('utf8') ?? '') as { machines?: unknown }
    if (!Array.isArray(machines)) return new Map()
    return new Map(
      machines.flatMap((machine: { name?: unknown; certificates?: unknown }) => {
        const { name, certificates } = machine ?? {}
        if (typeof name !== 'string' || !Array.isArray(certificates)) return []
        return [[name, new Set(certificates.filter((one) => typeof one === 'string'))]]
      }),
    )
  } catch {
    return new Map()
  }
}
