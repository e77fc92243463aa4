import type { Seat } from './accounts.ts'
import type { Building } from './building.ts'
import { authorityFiles } from './first-trust.ts'
import { filesOfParty } from './machine-parties.ts'

/** Secrets in run/ and trust/ that others than root read, and who: one account, or a group of several. Not all of them are there. */
export function readersOf({
  places,
  trust,
  machine,
}: Pick<Building, 'places' | 'trust' | 'machine'>): readonly (readonly [file: string, reader: Seat])[] {
  const { portalServer, frontEnd } = trust
  const sharesFrontEnd = portalServer?.key === frontEnd.key
  return [
    [trust.fabricKeyFile, 'secrets'],
    [places.storageAccount, 'secrets'],
    [trust.controller.key, 'FabricController'],
    [frontEnd.key, sharesFrontEnd ? 'api' : 'RDFE'],
    [trust.loadBalancer.key, 'LoadBalancer'],
    [trust.portal.key, 'Portal'],
    ...(portalServer && !sharesFrontEnd ? [[portalServer.key, 'Portal'] as const] : []),
    ...(trust.machine ? [[trust.machine.key, 'BlobGate'] as const] : []),
    ...(machine ? ofSeveral(places) : []),
  ]
}

/** The controller takes the authorities' keys into its store when a fabric begins. */
function ofSeveral(places: Building['places']): readonly (readonly [file: string, reader: Seat])[] {
  const { fabric, etcd } = authorityFiles(places)
  return [
    [fabric.key, 'FabricController'],
    [etcd.key, 'FabricController'],
    ...Object.values(filesOfParty(places, 'etcd')).map((file) => [file, 'store'] as const),
  ]
}
