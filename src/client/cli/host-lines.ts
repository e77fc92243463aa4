import type { Host } from '../service-management/service-management.ts'
import { table } from './table.ts'

/** A row a host; below it, what it waits for while it is being serviced. */
export function hostLines(hosts: readonly Host[]): readonly string[] {
  const rows = hosts.map(({ name, state, cores, freeCores, faultDomain, instances }) => [
    name,
    state,
    `${freeCores} of ${cores}`,
    String(faultDomain),
    instances.map(nameOf).join(' '),
  ])
  const [heading = '', ...lines] = table([['HOST', 'STATE', 'FREE CORES', 'FAULT DOMAIN', 'INSTANCES'], ...rows])
  return [
    heading,
    ...lines.flatMap((line, row) => [line, ...waitLines(hosts[row]?.waitsFor ?? []), ...unknownLines(hosts[row])]),
  ]
}

export function waitLines(waitsFor: Host['waitsFor']): readonly string[] {
  return waitsFor.map((wait) => `  ${wait}`)
}

/** `Web_IN_0` of `<deployment ID>.Web_IN_0`. */
function nameOf(key: string): string {
  return key.slice(key.indexOf('.') + 1)
}

/** What runs on, although the store that was brought back from a backup does not know it. */
function unknownLines(host: Host | undefined): readonly string[] {
  if (!host || host.unknown.length === 0) return []
  return [
    `  runs what the restored fabric does not know: ${host.unknown.join(', ')}. End it with: reddog host clear ${host.name}`,
  ]
}
