import { basename, dirname } from 'node:path'
import { fine, type Result, refused } from '../../../../kernel/fault.ts'
import type { HandlerRequest } from '../../handler.ts'
import { ignoringCase } from '../../ignoring-case.ts'
import { beginningOf } from '../program/beginning-of.ts'
import { type IisnodeSettings, withOverrides } from './overrides.ts'

/** Most of an `iisnode.yml`, in bytes. Origin: choice; it has forty settings. */
const longestFile = 64 * 1024

/** The settings for a script: those of the element, then those of the file beside the script (I-41). Refused with file and line when that cannot be read. */
export async function settingsFor({ section, scriptPath }: HandlerRequest): Promise<Result<IisnodeSettings>> {
  const settings = section('iisnode')
  const file = ignoringCase(dirname(scriptPath), settings.configOverrides)
  if (file === undefined || settings.configOverrides === '') return fine(settings)
  const text = (await beginningOf(file, longestFile + 1))?.toString('utf8') ?? ''
  if (text.length > longestFile) return refused('BadRequest', `${file} has more than ${longestFile} bytes.`)
  const read = withOverrides(settings, text)
  return read.ok ? read : refused('BadRequest', `${file}: ${read.fault.message}`)
}

/** Whether a request asks for the settings themselves, which are never served (I-41). */
export function asksForSettings({ section, scriptPath }: HandlerRequest): boolean {
  return basename(scriptPath).toLowerCase() === section('iisnode').configOverrides.toLowerCase()
}
