import { record } from './record.ts'
import { oneOf, text } from './scalars.ts'
import { list, optional, orElse } from './tag.ts'

const extension = record('Extension', {
  id: text('Id'),
  state: orElse(oneOf('State', ['Enable', 'Disable', 'Uninstall']), 'Enable'),
})

/** Which extensions a deployment has, or is to have (11.2). */
export const extensionConfiguration = optional(
  record('ExtensionConfiguration', {
    allRoles: optional(list('AllRoles', extension)),
    namedRoles: list(
      'NamedRoles',
      record('Role', { roleName: text('RoleName'), extensions: list('Extensions', extension) }),
    ),
  }),
)
