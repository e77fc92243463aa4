import { longestDocument } from '../../service-model/document/bounds.ts'
import type { Finding } from '../../service-model/findings/finding.ts'
import { webConfigFindings } from '../../service-model/findings/web-config.ts'
import type { ServiceModel } from '../../service-model/service-model.ts'
import { decodeText } from '../../service-model/text.ts'
import { beginningOf } from './beginning-of.ts'
import type { RoleFile } from './unpack-role.ts'

/** More bytes than any document has that is read; of a longer one the beginning says that it is too long. */
const documentBytes = 4 * longestDocument + 4

/** Files of one role that are looked at; a large site has some ten. Origin: choice. */
const mostFiles = 200

/** What the `web.config` files of web roles ask for that is not done, site by site, by name and case ignored (I-44). The package is open still. */
export async function examineWebConfigs(
  { definition }: ServiceModel,
  files: ReadonlyMap<string, readonly RoleFile[]>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const role of definition.roles.filter(({ kind }) => kind === 'WebRole')) {
    const found = (files.get(role.name) ?? []).filter(({ path }) => /(?:^|\/)web\.config$/i.test(path))
    for (const file of found.slice(0, mostFiles))
      findings.push(...webConfigFindings(role, file.path, textOf(await beginningOf(file, documentBytes))))
    if (found.length > mostFiles) findings.push(unread(role.name, found.length))
  }
  return findings
}

/** Bytes that are no text of their encoding make a document that is not well-formed, at its first line. */
function textOf(bytes: Uint8Array): string {
  try {
    return decodeText(bytes)
  } catch {
    return '\u0000'
  }
}

function unread(role: string, count: number): Finding {
  const reason = `Role ${role} has ${count} files web.config; the first ${mostFiles} were looked at.`
  return { role, subject: 'site', name: 'web.config', verdict: 'passedOver', reason }
}
