import type { LocalResource, RoleKind } from '../../service-model/definition.ts'

/** What one guest knows about itself and its peers; the host agent renders it into the documents of wire-server.md 6. */
export interface GuestSpecification {
  readonly deploymentId: string
  /** Name of the service definition. */
  readonly serviceName: string
  readonly role: string
  readonly roleKind: RoleKind
  readonly instance: string
  /** Counts package and configuration changes of the deployment, from 1. */
  readonly deploymentIncarnation: number
  /** Counts placements of this instance, from 1. */
  readonly placement: number
  readonly settings: Readonly<Record<string, string>>
  readonly localResources: readonly LocalResource[]
  readonly storedCertificates: readonly {
    readonly name: string
    readonly thumbprint: string
    readonly storeName: string
    readonly level: 'System' | 'User'
  }[]
  readonly size: { readonly id: string; readonly cores: number; readonly memoryMB: number; readonly diskMB: number }
  readonly upgradeDomainCount: number
  readonly blast: boolean
  readonly vip: string
  /** All instances of the deployment that this one may see, itself first. */
  readonly topology: readonly TopologyInstance[]
}

export interface TopologyInstance {
  readonly id: string
  readonly role: string
  readonly address: string
  readonly faultDomain: number
  readonly upgradeDomain: number
  readonly endpoints: readonly TopologyEndpoint[]
}

export interface TopologyEndpoint {
  readonly name: string
  readonly kind: 'input' | 'internal' | 'instanceInput'
  readonly protocol: 'http' | 'https' | 'tcp' | 'udp' | 'any'
  readonly port: number
  /** Last port of a range; equals `port` otherwise. */
  readonly lastPort: number
  /** `address:port` at the VIP, for public endpoints. */
  readonly publicAddress?: string | undefined
  readonly certificateThumbprint?: string | undefined
  /** The roles that alone may call an internal endpoint; absent: all of the deployment. No document sends it to a guest. */
  readonly callers?: readonly string[] | undefined
}
