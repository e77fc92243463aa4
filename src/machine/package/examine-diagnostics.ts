import { own } from '../../kernel/own.ts'
import { pathKey } from '../../service-model/cspkg/part-path.ts'
import { configurationFiles } from '../../service-model/diagnostics/packaged-configuration.ts'
import { diagnosticsFindings } from '../../service-model/findings/diagnostics.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import { runsAgentOf } from '../../service-model/role-plan.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { documentOf } from './document-of.ts'
import type { RoleFile } from './unpack-role.ts'

/** Requests of the Diagnostics configurations in a package that are not carried out. The package is still open. */
export async function examineDiagnostics(
  { definition, roleModels }: ServiceModel,
  files: ReadonlyMap<string, readonly RoleFile[]>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const role of definition.roles) {
    const model = own(roleModels, role.name)
    if (!model || !runsAgentOf(model, 'Diagnostics')) continue
    const byKey = new Map((files.get(role.name) ?? []).map((file) => [pathKey(file.path), file]))
    const found = new Map<string, Uint8Array>()
    for (const path of configurationFiles) {
      const file = byKey.get(pathKey(path))
      if (file) found.set(path, await documentOf(file))
    }
    findings.push(...diagnosticsFindings(role, (path) => found.get(path)))
  }
  return findings
}
