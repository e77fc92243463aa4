import { defaultProbePort } from '../../guest/contract/goal-state.ts'
import type { Served } from './state.ts'

/** Ports from the first to the last. */
interface OpenPorts {
  readonly protocol: 'tcp' | 'udp' | 'any'
  readonly first: number
  readonly last: number
}

/** The local ports at which a guest may be reached: those of its declared endpoints, and that of its agent's probe. */
export function openPortsOf({ guest }: Served): readonly OpenPorts[] {
  const endpoints = guest.topology[0]?.endpoints ?? []
  const declared = endpoints.map(
    ({ protocol, port, lastPort }): OpenPorts => ({
      protocol: protocol === 'udp' || protocol === 'any' ? protocol : 'tcp',
      first: port,
      last: lastPort,
    }),
  )
  return [...declared, { protocol: 'tcp', first: defaultProbePort, last: defaultProbePort }]
}
