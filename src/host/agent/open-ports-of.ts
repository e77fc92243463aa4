import { defaultProbePort } from '../../guest/contract/goal-state.ts'
import type { OpenPorts } from '../../guest/contract/open-ports.ts'
import type { Served } from './state.ts'

/**
 * The local ports at which a guest may be reached, and by whom besides the host: ports of its declared endpoints, by the roles of its deployment that
 * may call them; the port of its agent's probe, by the host alone.
 */
export function openPortsOf({ guest }: Pick<Served, 'guest'>): readonly OpenPorts[] {
  const endpoints = guest.topology[0]?.endpoints ?? []
  const roles = [...new Set(guest.topology.map(({ role }) => role))].sort()
  const declared = endpoints.map(
    ({ protocol, port, lastPort, callers = roles }): OpenPorts => ({
      protocol: protocol === 'udp' || protocol === 'any' ? protocol : 'tcp',
      first: port,
      last: lastPort,
      callers,
    }),
  )
  return [...declared, { protocol: 'tcp', first: defaultProbePort, last: defaultProbePort, callers: [] }]
}
