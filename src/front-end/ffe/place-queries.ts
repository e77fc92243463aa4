import { osFamilies } from '../../service-model/operating-systems.ts'
import { knownSizes } from '../../service-model/sizes.ts'
import { base64OfText } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'
import { operatingSystemFamiliesDocument, operatingSystemsDocument } from '../contract/wire/operating-systems.ts'
import { locationsDocument, roleSizesDocument } from '../contract/wire/places.ts'
import {
  storageKeysDocument,
  storageServiceDocument,
  storageServicesDocument,
} from '../contract/wire/storage-services.ts'
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
  reply(storageServicesDocument, [storageService(call, place)])

/** B-5. */
export const getStorageService: Query = async (call, { place }) =>
  otherAccount(call, place) ?? reply(storageServiceDocument, storageService(call, place))

/** B-5. The account has one key, which stands for both. */
export const getStorageKeys: Query = async (call, { place }) => {
  const { key } = place.storage
  const keys = { primary: key, secondary: key }
  return otherAccount(call, place) ?? reply(storageKeysDocument, { url: storageUrl(call, place), keys })
}

/** The refusal of a request about an account that is not the fabric's own, of which there is one. */
function otherAccount({ params }: Call, { storage: { name } }: Place) {
  const asked = params['account'] ?? ''
  return asked.toLowerCase() === name.toLowerCase()
    ? undefined
    : refusals.missing(`The storage account "${asked}" was not found. Accounts: ${name}.`)
}

function storageService(call: Call, place: Place) {
  const { name, blobEndpoint } = place.storage
  return {
    url: storageUrl(call, place),
    serviceName: name,
    properties: {
      location: place.locations[0] ?? place.region,
      label: base64OfText(name),
      status: 'Created',
      endpoints: [`${blobEndpoint.replace(/\/+$/, '')}/`],
    },
  }
}

function releaseOf(version: string, index: number) {
  return { version, label: base64OfText(version), isDefault: index === 0, isActive: true }
}

function storageUrl(call: Call, { storage }: Place): string {
  return `${call.base}/${call.subscriptionId}/services/storageservices/${storage.name}`
}
