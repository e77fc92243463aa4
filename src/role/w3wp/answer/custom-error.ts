import { closeSync, readFileSync } from 'node:fs'
import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import type { HandlerAnswer } from '../handler.ts'
import { headerUrl } from '../rewrite/url.ts'
import type { LookUp } from '../route/site-files.ts'
import { openFile } from '../static/open-file.ts'
import { pageFor } from './error-page.ts'

type HttpErrors = Effective<(typeof sections)['httpErrors']>
type ErrorEntry = HttpErrors['items'][number]

/** Bytes of a page for an error at most. Origin: choice; pages of errors are small. */
const mostBytes = 4 * 1024 * 1024

/** An error on its way to the client. */
export interface Faulty {
  readonly answer: HandlerAnswer
  /** The answer of a program or a rule, with a body of its own. */
  readonly isApplications: boolean
  /** The client is the machine itself. */
  readonly isLocal: boolean
}

/** The URL of the site that is to be requested, and the answer if it cannot be. */
interface Execution {
  readonly execute: string
  readonly otherwise: HandlerAnswer
}

/** What `httpErrors` sends instead of an error (I-62); another answer as it is. */
export async function insteadOf(
  { answer, isApplications, isLocal }: Faulty,
  errors: HttpErrors,
  lookUp: LookUp,
): Promise<HandlerAnswer | Execution> {
  if (!isReplaced(errors, answer, isApplications)) return answer
  const isDetailed = errors.errorMode === 'Detailed' || (errors.errorMode === 'DetailedLocalOnly' && isLocal)
  const otherwise = isApplications ? answer : pageFor(answer, isDetailed)
  const entry = isDetailed ? undefined : errorEntry(errors, answer)
  if (!entry) return otherwise
  const { path, responseMode } = entry
  if (responseMode === 'Redirect')
    return { status: 302, subStatus: answer.subStatus, headers: [['Location', headerUrl(path)]] }
  if (responseMode === 'ExecuteURL') return path.startsWith('/') ? { execute: path, otherwise } : otherwise
  return (await fileFor(entry, answer, lookUp)) ?? otherwise
}

/** An application's own one stays as it is if it says so, or the section does. */
function isReplaced({ existingResponse }: HttpErrors, answer: HandlerAnswer, isApplications: boolean): boolean {
  if (answer.status < 400) return false
  if (existingResponse === 'Replace') return true
  if (existingResponse === 'PassThrough') return !isApplications
  return !(isApplications && answer.skipsCustomErrors)
}

/** The entry for a status and sub-status; one for exactly this sub-status is preferred to one for all, and `defaultPath` is for the rest. */
function errorEntry(errors: HttpErrors, { status, subStatus = 0 }: HandlerAnswer): ErrorEntry | undefined {
  const of = (wanted: number) => errors.items.find((one) => one.statusCode === status && one.subStatusCode === wanted)
  const { defaultPath: path, defaultResponseMode: responseMode } = errors
  const rest = { statusCode: status, subStatusCode: -1, prefixLanguageFilePath: '', path, responseMode }
  return of(subStatus) ?? of(-1) ?? (path === '' ? undefined : rest)
}

async function fileFor(
  { path, prefixLanguageFilePath }: ErrorEntry,
  { status, subStatus, reason }: HandlerAnswer,
  lookUp: LookUp,
): Promise<HandlerAnswer | undefined> {
  const file = prefixLanguageFilePath === '' ? path : `${prefixLanguageFilePath}/en-US/${path}`
  const body = await contentOf(lookUp, file).catch(() => undefined)
  return body && { status, subStatus, reason, headers: [['Content-Type', 'text/html']], body }
}

/** Of a file of the site; undefined when it is not a file, or too long. */
async function contentOf(lookUp: LookUp, path: string): Promise<Buffer | undefined> {
  const url = `/${path.replaceAll('\\', '/').replace(/^\/+/, '')}`
  const file = url.split('/').includes('..') ? undefined : lookUp(url)
  const found = file && openFile(file.realPath, file.root)
  if (found?.kind !== 'file') return undefined
  try {
    return found.sizeBytes > mostBytes ? undefined : readFileSync(found.descriptor)
  } finally {
    closeSync(found.descriptor)
  }
}
