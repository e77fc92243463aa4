import { record } from '../../../kernel/document/record.ts'
import { oneOf } from '../../../kernel/document/scalars.ts'
import { list, optional, orElse } from '../../../kernel/document/tag.ts'
import { extensionLimit } from '../names.ts'
import { given } from './given.ts'

const extension = record('Extension', {
  id: given('Id'),
  state: orElse(oneOf('State', ['Enable', 'Disable', 'Uninstall']), 'Enable'),
})

/** Which extensions a deployment has, or is to have (11.2). */
export const extensionConfiguration = optional(
  record('ExtensionConfiguration', {
    allRoles: optional(list('AllRoles', extension, extensionLimit)),
    namedRoles: list(
      'NamedRoles',
      record('Role', { roleName: given('RoleName'), extensions: list('Extensions', extension, extensionLimit) }),
      extensionLimit,
    ),
  }),
)
