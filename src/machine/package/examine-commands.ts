import { own } from '../../kernel/own.ts'
import { commandFindings, type Grounds } from '../../service-model/findings/commands.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { headsOf } from './think-with-heads.ts'
import type { RoleFile } from './unpack-role.ts'

/** What will happen to the command lines of all roles, on this machine. The package is still open. */
export async function examineCommands(
  { definition, roleModels, entryPointFiles }: ServiceModel,
  files: ReadonlyMap<string, readonly RoleFile[]>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const role of definition.roles) {
    const model = own(roleModels, role.name)
    if (!model) continue
    const entryPointFile = own(entryPointFiles, role.name) ?? ''
    const think = (grounds: Grounds) => commandFindings(role, model, grounds, entryPointFile)
    findings.push(...(await headsOf(files.get(role.name) ?? [])(think)))
  }
  return findings
}
