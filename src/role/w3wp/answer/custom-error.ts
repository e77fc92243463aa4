import { readFile } from 'node:fs/promises'
import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import type { HandlerAnswer } from '../handler.ts'
import { headerUrl } from '../rewrite/url.ts'

type HttpErrors = Effective<(typeof sections)['httpErrors']>
type ErrorEntry = HttpErrors['items'][number]

/** Bytes of a page for an error at most. Origin: choice; pages of errors are small. */
const mostBytes = 4 * 1024 * 1024

/** Whether `httpErrors` has a word in this answer: an application's own one stays as it is if it says so, or the section does (I-62). */
export function isReplaced({ existingResponse }: HttpErrors, answer: HandlerAnswer, isApplications: boolean): boolean {
  if (answer.status < 400) return false
  if (existingResponse === 'Replace') return true
  if (existingResponse === 'PassThrough') return !isApplications
  return !(isApplications && answer.skipsCustomErrors)
}

/** The entry for a status and sub-status; one for the very sub-status goes before one for all. */
export function errorEntry({ items }: HttpErrors, { status, subStatus = 0 }: HandlerAnswer): ErrorEntry | undefined {
  const of = (wanted: number) => items.find((one) => one.statusCode === status && one.subStatusCode === wanted)
  return of(subStatus) ?? of(-1)
}

/** What is answered instead: the answer, or the URL of the site that is to be asked; undefined when the entry's file is not there. */
export async function customError(
  { path, prefixLanguageFilePath, responseMode }: ErrorEntry,
  { status, subStatus }: HandlerAnswer,
  fileOf: (path: string) => string | undefined,
): Promise<HandlerAnswer | { readonly execute: string } | undefined> {
  if (responseMode === 'Redirect') return { status: 302, subStatus, headers: [['Location', headerUrl(path)]] }
  if (responseMode === 'ExecuteURL') return path.startsWith('/') ? { execute: path } : undefined
  const file = fileOf(prefixLanguageFilePath === '' ? path : `${prefixLanguageFilePath}/en-US/${path}`)
  const body = file === undefined ? undefined : await readFile(file).catch(() => undefined)
  if (!body || body.length > mostBytes) return undefined
  return {
    status,
    subStatus,
    headers: [
      ['Content-Type', 'text/html'],
      ['Content-Length', `${body.length}`],
    ],
    body,
  }
}
