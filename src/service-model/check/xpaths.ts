import type { RoleDefinition, ServiceDefinition, Variable } from '../definition.ts'
import { fault, type Notes } from '../document/notes.ts'
import { checkXpath, parseXpath } from '../xpath.ts'

/** RoleInstanceValue expressions are of the closed list and name what exists in the role (2.14, S-32). */
export function checkXpaths(notes: Notes, definition: ServiceDefinition, form: 'written' | 'expanded'): void {
  for (const role of definition.roles) {
    const variables = [...role.tasks.flatMap((task) => task.environment), ...role.runtime.environment]
    for (const variable of variables) checkVariable(notes, role, variable, form)
  }
}

function checkVariable(notes: Notes, role: RoleDefinition, variable: Variable, form: 'written' | 'expanded'): void {
  if (!('xpath' in variable)) return
  // Before expansion the names that imports bring are unknown: whatever has a namespace is left to the check after it.
  const fromPlugin = form === 'written' && role.imports.length > 0 && parseXpath(variable.xpath)?.name?.includes('.')
  const objection = fromPlugin ? undefined : checkXpath(variable.xpath, role)
  if (objection) fault(notes, variable, `Variable ${variable.name} of role ${role.name}: ${objection}`)
}
