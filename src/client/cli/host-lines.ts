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
  return [heading, ...lines.flatMap((line, row) => [line, ...waitLines(hosts[row]?.waitsFor ?? [])])]
}

export function waitLines(waitsFor: Host['waitsFor']): readonly string[] {
  return waitsFor.map((wait) => `  ${wait}`)
}

/** `Web_IN_0` of `<deployment ID>.Web_IN_0`. */
function nameOf(key: string): string {
  return key.slice(key.indexOf('.') + 1)
}
