import type { HandlerAnswer } from '../../handler.ts'
import { ignoringCase } from '../../ignoring-case.ts'
import { beginningOf } from '../program/beginning-of.ts'

/** Most of the page that is shown, in bytes. Origin: choice. */
const longestPage = 1024 * 1024

/** While an application has a file `app_offline.htm` it is not run, and that is shown with 503: how ASP.NET Core's module is told to let go of files. */
export async function offlineAnswer(directory: string): Promise<HandlerAnswer | undefined> {
  const path = ignoringCase(directory, 'app_offline.htm')
  const body = path === undefined ? undefined : await beginningOf(path, longestPage)
  return body && { status: 503, reason: 'Service Unavailable', headers: [['Content-Type', 'text/html']], body }
}
