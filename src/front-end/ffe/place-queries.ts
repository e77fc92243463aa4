import { osFamilies } from '../../service-model/operating-systems.ts'
import { knownSizes } from '../../service-model/sizes.ts'
import { base64OfText } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'
import { operatingSystemFamiliesDocument, operatingSystemsDocument } from '../contract/wire/operating-systems.ts'
import { locationsDocument, roleSizesDocument } from '../contract/wire/places.ts'
import { storageKeysDocument, storageServicesDocument } from '../contract/wire/storage-services.ts'
import type { Call } from './call.ts'
import type { Place } from './place.ts'
import { type Query, reply } from './query.ts'
import { allSizes } from './views/hosted-service.ts'

/** S-3. */
export const listLocations: Query = async (_call, { place }) =>
  reply(
    locationsDocument,
    place.locations.map((name) => ({
      name,
      displayName: name,
      availableServices: ['Compute', 'Storage'],
      computeCapabilities: allSizes,
      storageCapabilities: { storageAccountTypes: ['Standard_LRS'] },
    })),
  )

/** S-4. */
export const listRoleSizes: Query = async () =>
  reply(
    roleSizesDocument,
    knownSizes.map((size) => ({
      name: size.id,
      label: size.label,
      cores: size.cores,
      memoryInMb: size.memoryMB,
      supportedByWebWorkerRoles: true,
      supportedByVirtualMachines: false,
      maxDataDiskCount: 0,
      webWorkerResourceDiskSizeInMb: size.diskMB,
      virtualMachineResourceDiskSizeInMb: size.machineDiskMB,
    })),
  )

/** S-5. */
export const listOperatingSystems: Query = async () =>
  reply(
    operatingSystemsDocument,
    osFamilies.flatMap(({ family, label, releases }) =>
      releases.map((version, index) => ({
        ...releaseOf(version, index),
        family,
        familyLabel: base64OfText(label),
      })),
    ),
  )

/** S-5. */
export const listOperatingSystemFamilies: Query = async () =>
  reply(
    operatingSystemFamiliesDocument,
    osFamilies.map(({ family, label, releases }) => ({
      name: family,
      label: base64OfText(label),
      operatingSystems: releases.map(releaseOf),
    })),
  )

/** B-5. */
export const listStorageServices: Query = async (call, { place }) =>
  reply(storageServicesDocument, [
    {
      url: storageUrl(call, place),
      serviceName: place.storage.name,
      properties: {
        location: place.locations[0] ?? place.region,
        label: base64OfText(place.storage.name),
        status: 'Created',
        endpoints: [`${place.storage.blobEndpoint.replace(/\/+$/, '')}/`],
      },
    },
  ])

/** B-5. The account has one key, which stands for both. */
export const getStorageKeys: Query = async (call, { place }) => {
  const asked = call.params['account'] ?? ''
  const { name, key } = place.storage
  if (asked.toLowerCase() !== name.toLowerCase())
    return refusals.missing(`The storage account "${asked}" was not found. Accounts: ${name}.`)
  return reply(storageKeysDocument, { url: storageUrl(call, place), keys: { primary: key, secondary: key } })
}

function releaseOf(version: string, index: number) {
  return { version, label: base64OfText(version), isDefault: index === 0, isActive: true }
}

function storageUrl(call: Call, { storage }: Place): string {
  return `${call.base}/${call.subscriptionId}/services/storageservices/${storage.name}`
}
