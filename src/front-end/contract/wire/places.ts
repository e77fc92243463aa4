import { document } from './document.ts'
import { computeCapabilities } from './hosted-service.ts'
import { record } from './record.ts'
import { count, flag, text } from './scalars.ts'
import { list } from './tag.ts'

/** Answer of List Locations (S-3). */
export const locationsDocument = document(
  list(
    'Locations',
    record('Location', {
      name: text('Name'),
      displayName: text('DisplayName'),
      availableServices: list('AvailableServices', text('AvailableService')),
      computeCapabilities,
      storageCapabilities: record('StorageCapabilities', {
        storageAccountTypes: list('StorageAccountTypes', text('StorageAccountType')),
      }),
    }),
  ),
)

/** Answer of List Role Sizes (S-4). */
export const roleSizesDocument = document(
  list(
    'RoleSizes',
    record('RoleSize', {
      name: text('Name'),
      label: text('Label'),
      cores: count('Cores'),
      memoryInMb: count('MemoryInMb'),
      supportedByWebWorkerRoles: flag('SupportedByWebWorkerRoles'),
      supportedByVirtualMachines: flag('SupportedByVirtualMachines'),
      maxDataDiskCount: count('MaxDataDiskCount'),
      webWorkerResourceDiskSizeInMb: count('WebWorkerResourceDiskSizeInMb'),
      virtualMachineResourceDiskSizeInMb: count('VirtualMachineResourceDiskSizeInMb'),
    }),
  ),
)
