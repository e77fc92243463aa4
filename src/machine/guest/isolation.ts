import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { GuestDriver } from './driver.ts'
import { guestNetworkOf } from './namespace/guest-network.ts'
import { namespaceDriver } from './namespace/namespace-driver.ts'
import { processDriver } from './process-driver.ts'

/** How the guests of a host are separated (design.md 4). */
export type IsolationKind = 'namespace' | 'process'

export interface Isolation {
  readonly driver: GuestDriver
  /** True: each guest has a network of its own. */
  readonly ownNetworks: boolean
}

/** Files that programs of guests read besides their bundles, which do not contain them (tools/build.ts). */
const libraries = [dirname(createRequire(import.meta.url).resolve('node-forge/package.json'))]

/**
 * `shown`: directories besides the platform's programs that guests read. `guestAgent`: the program that they run instead of WaAppAgent, where
 * they have namespaces. `vipRange`: VIPs beside those of the loopback network, which such guests reach at this machine.
 */
export function isolationOf(
  kind: IsolationKind,
  wireAddress: string,
  shown: readonly string[],
  guestAgent?: string,
  vipRange?: string,
): Isolation {
  if (kind === 'process') return { driver: processDriver, ownNetworks: false }
  const driver = namespaceDriver(guestNetworkOf(wireAddress, vipRange), [...shown, ...libraries], guestAgent)
  return { driver, ownNetworks: true }
}
