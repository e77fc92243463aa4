import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fine, type Result, refused } from '../../../../kernel/fault.ts'
import { roleVariables } from '../../../contract/variables.ts'
import { onPath } from '../program/start-program.ts'

const file = 'SiteHost.exe'

/** The process that holds an application, as the machine has compiled it. Refused with a sentence where Mono is missing. */
export function hostProgram(): Result<{ readonly path: string; readonly directory: string }> {
  const { PATH: path = '', [roleVariables.assemblies]: directory = '' } = process.env
  if (!onPath('mono', path))
    return refused(
      'NoMono',
      'The page needs Mono, which this machine has not: install the packages of Debian that "reddog doctor" names for the service package.',
    )
  const host = join(directory, file)
  if (directory === '' || !existsSync(host))
    return refused(
      'NotCompiled',
      `${file} of the platform is missing in "${directory}": its host compiles it with mcs when an instance is started, so that "reddog instance reboot" brings it.`,
    )
  return fine({ path: host, directory: dirname(host) })
}
