import { parseXml } from '../../kernel/xml.ts'
import type { RoleDefinition } from '../definition.ts'
import { told } from '../document/notes.ts'
import type { Reading } from '../reading.ts'
import { decodeText } from '../text.ts'
import { onWindowsAlone } from '../web-config/on-windows-alone.ts'
import { readWebConfig } from '../web-config/read-web-config.ts'
import type { WebConfig } from '../web-config/web-config.ts'
import { dotnetConfigurationFaults } from './dotnet-configuration.ts'
import type { Finding } from './finding.ts'

/**
 * What of a `web.config` will not do here what it did on Windows, with its line (I-28, I-59). `path` is below the role root. None of it keeps a
 * role from getting Ready: a site answers 500.19 for what it cannot read. `brings` says which libraries the role has.
 */
export function webConfigFindings(
  { name: role }: RoleDefinition,
  path: string,
  bytes: Uint8Array,
  brings: (assembly: string) => boolean,
): readonly Finding[] {
  const { value, errors, warnings } = read(bytes, path)
  const absent = value
    ? onWindowsAlone(value).map(({ file, line, what }) => `${file}(${line}): the ${what}, which runs on Windows alone.`)
    : []
  const reasons = [
    ...errors.map((error) => `${error} The site answers 500.19 for that directory and below.`),
    ...warnings,
    ...told(absent),
    ...(value ? told(dotnetConfigurationFaults(parseXml(decodeText(bytes)), brings)).map((fault) => path + fault) : []),
  ]
  return reasons.map((reason) => ({
    role,
    subject: 'site',
    name: path,
    verdict: 'passedOver',
    reason: `Role ${role}: ${reason}`,
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
