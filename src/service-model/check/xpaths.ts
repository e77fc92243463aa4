import type { RoleDefinition, ServiceDefinition, Variable } from '../definition.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { checkXpath, type Objection, parseXpath } from '../xpath.ts'

/** RoleInstanceValue expressions are of the closed list, and should name what exists in the role (2.14, S-32). */
export function checkXpaths(notes: Notes, definition: ServiceDefinition, form: 'written' | 'expanded'): void {
  for (const role of definition.roles)
    for (const { variable, isFatal, text, ofPlugin } of objections(role, role)) {
      // Before expansion the names that imports add are unknown; after it the other warnings were already given.
      if (isFatal) fault(notes, variable, text)
      else if (ofPlugin === (form === 'expanded')) warn(notes, variable, text)
    }
}

interface VariableObjection extends Objection {
  readonly variable: Variable
  /** It names something with a namespace, in a role that imports plug-ins. */
  readonly ofPlugin: boolean
}

/** Faults in the variables of a role's tasks and runtime: the same for packing and for reading a package. */
export function objections(
  role: RoleDefinition,
  { tasks, runtime }: Pick<RoleDefinition, 'tasks' | 'runtime'>,
): readonly VariableObjection[] {
  const variables = [...tasks.flatMap((task) => task.environment), ...runtime.environment]
  return variables.flatMap((variable) => {
    const objection = 'xpath' in variable ? checkXpath(variable.xpath, role) : undefined
    if (!objection || !('xpath' in variable)) return []
    const ofPlugin = role.imports.length > 0 && (parseXpath(variable.xpath)?.name?.includes('.') ?? false)
    const unset = objection.isFatal ? '' : ' The variable stays unset.'
    return [
      {
        ...objection,
        variable,
        ofPlugin,
        text: `Variable ${variable.name} of role ${role.name}: ${objection.text}${unset}`,
      },
    ]
  })
}
