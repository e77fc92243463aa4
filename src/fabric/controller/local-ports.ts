import type { RoleDefinition } from '../../service-model/definition.ts'
import { dynamicPorts, planPorts } from '../../service-model/endpoints.ts'
import type { InstanceRecord } from './records/instance.ts'

/** A fixed port below the host's first one moves up by this, or to the next free one: 80 to 8080, 443 to 8443 (design.md 5, 9.4). */
const movedBy = 8_000

/** Local ports of an instance by endpoint: fixed ones as defined where the host can bind them, dynamic ones from 20000. */
export function localPorts(role: RoleDefinition, index: number, firstPort: number): InstanceRecord['ports'] {
  const planned = planPorts(role, index)
  const fixed = planned.flatMap(({ localPort, range }) =>
    range ? portsFrom(range.min, range.max) : localPort === 'dynamic' ? [] : [localPort],
  )
  const used = new Set(fixed.filter((port) => port >= firstPort))
  const moved = new Map<number, number>()
  const nextFree = (from: number): number => {
    let port = Math.max(from, firstPort)
    while (used.has(port)) port++
    used.add(port)
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

function portsFrom(min: number, max: number): readonly number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}
