import type { HandlerAnswer } from '../../handler.ts'
import { ignoringCase } from '../../ignoring-case.ts'
import { beginningOf } from '../program/beginning-of.ts'

/** Most of the page that is shown, in bytes. Origin: choice. */
const longestPage = 1024 * 1024

/**
 * While an application has a file `app_offline.htm` it is not run, and this file is the answer, with 503: so ASP.NET Core's module is asked to
 * release files.
 */
export async function offlineAnswer(directory: string): Promise<HandlerAnswer | undefined> {
  const path = ignoringCase(directory, 'app_offline.htm')
  const body = path === undefined ? undefined : await beginningOf(path, longestPage)
  return body && { status: 503, reason: 'Service Unavailable', headers: [['Content-Type', 'text/html']], body }
}
