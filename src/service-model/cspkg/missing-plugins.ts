import { own } from '../../kernel/own.ts'
import { planTasks } from '../role-plan.ts'
import type { ServiceModel } from '../service-model.ts'

/**
 * A sentence for each plug-in of a role whose startup tasks are to run and whose directory is not in the package (P-10). `paths`: of the files of a
 * role, by its name.
 */
export function missingPlugins(
  { roleModels }: ServiceModel,
  paths: (role: string) => readonly string[],
): readonly string[] {
  return Object.keys(roleModels).flatMap((role) => {
    const model = own(roleModels, role)
    const modules = new Set(
      (model ? planTasks(model) : []).flatMap(({ kind, module }) => (kind === 'command' && module ? [module] : [])),
    )
    return [...modules]
      .filter(
        (module) => !paths(role).some((path) => path.toLowerCase().startsWith(`plugins/${module}/`.toLowerCase())),
      )
      .map(
        (module) =>
          `The role "${role}" imports the plug-in ${module}, but the package has no directory plugins/${module} for it. Pack it again with --plugins.`,
      )
  })
}
