import type { Grounds } from '../../service-model/findings/commands.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import { phpFindings } from '../../service-model/findings/php.ts'
import { webConfigFindings } from '../../service-model/findings/web-config.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { ownAssemblies } from '../dotnet/own-assemblies.ts'
import { documentOf } from './document-of.ts'
import { headsOf } from './think-with-heads.ts'
import type { RoleFile } from './unpack-role.ts'

/** Limits for the check of one role, and for its report: a large site has some ten files. Origin: choice. */
const most = { files: 200, findings: 100 } as const

/**
 * What the `web.config` files of web roles ask for that is not done, by name and case ignored (I-44), and programs that cannot be run. The package is
 * still open.
 */
export async function examineWebConfigs(
  { definition }: ServiceModel,
  files: ReadonlyMap<string, readonly RoleFile[]>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const role of definition.roles.filter(({ kind }) => kind === 'WebRole')) {
    const own = files.get(role.name) ?? []
    const all = own.filter(({ path }) => /(?:^|\/)web\.config$/i.test(path))
    const brings = librariesOf(own)
    const paths = own.map(({ path }) => path)
    const thinkWithHeads = headsOf(own)
    const found = [...(await thinkWithHeads((grounds) => phpFindings(role, paths, grounds)))]
    for (const file of all.slice(0, most.files)) {
      const document = await documentOf(file)
      const think = (grounds: Grounds) => webConfigFindings(role, file.path, document, { ...grounds, brings })
      found.push(...(await thinkWithHeads(think)))
    }
    findings.push(...found.slice(0, most.findings))
    if (all.length > most.files || found.length > most.findings) findings.push(andMore(role.name, all.length))
  }
  return findings
}

/** Whether a role has a library, of the package or of ours. */
function librariesOf(files: readonly RoleFile[]): (assembly: string) => boolean {
  const paths = [...files.map(({ path }) => path), ...ownAssemblies.map(({ file }) => file)]
  const names = new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase()))
  return (assembly) => names.has(`${assembly.toLowerCase()}.dll`)
}

function andMore(role: string, files: number): Finding {
  const reason = `Role ${role} has ${files} files web.config, and more is to be said of them: of ${most.files} files the first ${most.findings} findings are told.`
  return { role, subject: 'site', name: 'web.config', verdict: 'passedOver', reason }
}
