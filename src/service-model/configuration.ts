/** The service configuration (.cscfg), see service-model.md 3. Types only. */
export interface ServiceConfiguration {
  readonly serviceName: string
  readonly osFamily: number
  readonly osVersion: string
  readonly roles: readonly RoleConfiguration[]
  readonly cleanupFirewallOnRoleRestart: boolean
  readonly network: NetworkConfiguration
}

export interface RoleConfiguration {
  readonly name: string
  readonly vmName?: string | undefined
  readonly instances: number
  readonly settings: Readonly<Record<string, string>>
  readonly certificates: readonly ConfiguredCertificate[]
}

export interface ConfiguredCertificate {
  readonly name: string
  /** 40 hexadecimal digits, upper case. */
  readonly thumbprint: string
}

/** What names endpoints, roles or networks and is checked against the definition; the rest is accepted and reported. */
export interface NetworkConfiguration {
  readonly accessControls: readonly {
    readonly name: string
    readonly rules: readonly {
      readonly order: number
      readonly action: 'permit' | 'deny'
      readonly remoteSubnet: string
      readonly description: string
    }[]
  }[]
  readonly endpointAcls: readonly { readonly role: string; readonly endPoint: string; readonly accessControl: string }[]
  readonly instanceAddresses: readonly { readonly roleName: string }[]
  readonly loadBalancers: readonly string[]
  readonly reservedIPs: readonly string[]
  readonly virtualNetworkSite?: string | undefined
}
