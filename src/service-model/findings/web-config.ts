import { parseXml } from '../../kernel/xml.ts'
import type { RoleDefinition } from '../definition.ts'
import { told } from '../document/notes.ts'
import type { Reading } from '../reading.ts'
import { decodeText } from '../text.ts'
import { onWindowsAlone } from '../web-config/on-windows-alone.ts'
import { readWebConfig } from '../web-config/read-web-config.ts'
import type { WebConfig } from '../web-config/web-config.ts'
import { type DotnetGrounds, dotnetConfigurationFaults } from './dotnet-configuration.ts'
import type { Finding } from './finding.ts'
import { type WebGrounds, webProgramFaults } from './web-programs.ts'

/**
 * Parts of a `web.config` that will not do the same here as on Windows, with their lines (I-28, I-59). `path` is below the role root. None of
 * them prevents a role from becoming Ready: a site answers 500.19 for what it cannot read.
 */
export function webConfigFindings(
  role: RoleDefinition,
  path: string,
  bytes: Uint8Array,
  grounds: WebGrounds & DotnetGrounds,
): readonly Finding[] {
  const { value, errors, warnings } = read(bytes, path)
  const absent = value
    ? onWindowsAlone(value).map(({ file, line, what }) => `${file}(${line}): the ${what}, which runs on Windows alone.`)
    : []
  const reasons = [
    ...errors.map((error) => `${error} The site answers 500.19 for that directory and below.`),
    ...warnings,
    ...told(absent),
    ...(value ? told(webProgramFaults(role, path, value, grounds)) : []),
    ...(value
      ? told(dotnetConfigurationFaults(parseXml(decodeText(bytes)), grounds)).map((fault) => path + fault)
      : []),
  ]
  return reasons.map((reason) => ({
    role: role.name,
    subject: 'site',
    name: path,
    verdict: 'passedOver',
    reason: `Role ${role.name}: ${reason}`,
  }))
}

function read(bytes: Uint8Array, path: string): Reading<WebConfig> {
  let text: string
  try {
    text = decodeText(bytes)
  } catch (error) {
    return { errors: [`${path}: ${(error as Error).message}`], warnings: [] }
  }
  return readWebConfig(text, path)
}
