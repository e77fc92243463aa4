import { record } from '../../../kernel/document/record.ts'
import { count, flag, text } from '../../../kernel/document/scalars.ts'
import { list } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { computeCapabilities } from './hosted-service.ts'

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
