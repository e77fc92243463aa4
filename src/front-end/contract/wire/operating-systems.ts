import { record } from '../../../kernel/document/record.ts'
import { count, flag, text } from '../../../kernel/document/scalars.ts'
import { list } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'

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
