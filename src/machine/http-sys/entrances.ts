import type { WebSite } from '../../service-model/application-host/application-host.ts'
import { type Entrance, type EntranceParts, type OpenEntrance, openEntrance } from './entrance.ts'
import { type SiteCertificate, type SiteCertificates, siteCertificates } from './site-certificates.ts'

/** The certificate with that thumbprint; undefined when the guest does not have it. */
export type FindCertificate = (thumbprint: string) => SiteCertificate | undefined

/** Where the listener listens. */
export interface Entrances {
  /** Opens what these sites are bound to, closes all others; resolves to the obstacles, in sentences. */
  readonly move: (sites: readonly WebSite[], find: FindCertificate) => Promise<readonly string[]>
  /** Every connection ends with its next answer. */
  readonly drain: () => void
  /** Ends every connection. */
  readonly cut: () => void
  /** How many there are. */
  readonly connections: () => number
}

export function entrancesOf(parts: EntranceParts): Entrances {
  /** By protocol, address and port. */
  const open = new Map<string, OpenEntrance>()
  /** Those that take no connection any more, and have some left. */
  const closed = new Set<OpenEntrance>()
  const all = () => [...open.values(), ...closed]

  async function enter(key: string, at: Entrance, certificates: SiteCertificates | undefined): Promise<string[]> {
    try {
      const entrance = open.get(key) ?? (await openEntrance(at, parts))
      if (certificates) entrance.setCertificates(certificates)
      open.set(key, entrance)
      return []
    } catch (error) {
      return [`The listener ${(error as Error).message}.`]
    }
  }

  return {
    async move(sites, find) {
      const wanted = entrancesFor(sites)
      for (const [key, entrance] of open)
        if (!wanted.has(key)) {
          open.delete(key)
          closed.add(entrance)
          void entrance.close().then(() => closed.delete(entrance))
        }
      const problems: string[] = []
      for (const [key, at] of wanted) {
        const certificates = at.isSecure ? siteCertificates(sites, at, find) : undefined
        problems.push(...(certificates?.problems ?? []), ...(await enter(key, at, certificates)))
      }
      return problems
    },
    drain: () => {
      for (const entrance of all()) entrance.drain()
    },
    cut: () => {
      for (const entrance of all()) entrance.cut()
    },
    connections: () => all().reduce((sum, entrance) => sum + entrance.connections(), 0),
  }
}

/** Each address and port once, even when several sites use it. */
function entrancesFor(sites: readonly WebSite[]): ReadonlyMap<string, Entrance> {
  const bindings = sites.flatMap((site) => site.bindings)
  return new Map(
    bindings.map(({ protocol, address, port }) => [
      `${protocol} ${address}:${port}`,
      { address, port, isSecure: protocol === 'https' },
    ]),
  )
}
