import type { PortRange, RoleDefinition } from '../../../service-model/definition.ts'
import { dynamicPorts, planPorts } from '../../../service-model/endpoints.ts'
import type { InstanceRecord } from '../state/records/instance.ts'

const lastPort = 65_535

/** A fixed port below the host's first one moves up by this, or to the next free one: 80 to 8080, 443 to 8443 (design.md 5, 9.4). */
const movedBy = 8_000

/** Local ports of an instance by endpoint: fixed ones as defined where the host can bind them, dynamic ones from 20000. */
export function localPorts(role: RoleDefinition, index: number, firstPort: number): InstanceRecord['ports'] {
  const planned = planPorts(role, index)
  const taken: PortRange[] = planned.flatMap(({ localPort, range }) => {
    const fixed = range ?? (localPort === 'dynamic' ? undefined : { min: localPort, max: localPort })
    return fixed ? [{ ...fixed, min: Math.max(fixed.min, firstPort) }] : []
  })
  const moved = new Map<number, number>()
  // A role that itself declares every port shares the first one.
  const nextFree = (from: number): number => {
    const port = freeFrom(Math.max(from, firstPort), taken) ?? freeFrom(Math.max(1, firstPort), taken) ?? from
    taken.push({ min: port, max: port })
    return port
  }
  // Two endpoints may share one local port (tcp and udp, or two public ports): they move together.
  const bound = (port: number): number => {
    if (port >= firstPort) return port
    const place = moved.get(port) ?? nextFree(port + movedBy)
    moved.set(port, place)
    return place
  }
  return Object.fromEntries(
    planned.map(({ name, localPort, range }) => {
      const first = localPort === 'dynamic' ? nextFree(dynamicPorts.min) : bound(localPort)
      return [name, { first, last: range && range.min >= firstPort ? range.max : first }]
    }),
  )
}

/** The first port from there on that no range holds; undefined when there is none. */
function freeFrom(from: number, taken: readonly PortRange[]): number | undefined {
  let port = from
  for (;;) {
    const range = taken.find(({ min, max }) => min <= port && port <= max)
    if (!range) return port <= lastPort ? port : undefined
    port = range.max + 1
  }
}
