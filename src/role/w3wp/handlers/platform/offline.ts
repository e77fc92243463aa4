import { open } from 'node:fs/promises'
import type { HandlerAnswer } from '../../handler.ts'
import { ignoringCase } from '../program/find-program-file.ts'

/** Most of the page that is shown, in bytes. Origin: choice. */
const longestPage = 1024 * 1024

/** While an application has a file `app_offline.htm` it is not run, and that is shown with 503: how ASP.NET Core's module is told to let go of files. */
export async function offlineAnswer(directory: string): Promise<HandlerAnswer | undefined> {
  const path = ignoringCase(directory, 'app_offline.htm')
  const file = path === undefined ? undefined : await open(path).catch(() => undefined)
  if (!file) return undefined
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestPage), 0, longestPage, 0)
    const headers = [['Content-Type', 'text/html']] as const
    return { status: 503, reason: 'Service Unavailable', headers, body: buffer.subarray(0, bytesRead) }
  } finally {
    await file.close()
  }
}
