import { document } from './document.ts'
import { record } from './record.ts'
import { count, flag, text } from './scalars.ts'
import { list } from './tag.ts'

const release = {
  version: text('Version'),
  /** Base64, like every label. */
  label: text('Label'),
  isDefault: flag('IsDefault'),
  isActive: flag('IsActive'),
}

/** Answer of List Operating Systems (S-5). */
export const operatingSystemsDocument = document(
  list(
    'OperatingSystems',
    record('OperatingSystem', { ...release, family: count('Family'), familyLabel: text('FamilyLabel') }),
  ),
)

/** Answer of List Operating System Families (S-5). */
export const operatingSystemFamiliesDocument = document(
  list(
    'OperatingSystemFamilies',
    record('OperatingSystemFamily', {
      name: count('Name'),
      label: text('Label'),
      operatingSystems: list('OperatingSystems', record('OperatingSystem', release)),
    }),
  ),
)
