import { STATUS_CODES } from 'node:http'
import type { HandlerAnswer } from '../handler.ts'
import { isRefusal, type Refusal } from '../route/refusal.ts'
import { escaped } from './html.ts'

/** The text of an error for a person: one sentence for the world, all details for a client on the machine (I-62). */
export function errorPage({ status, subStatus, detail }: Refusal, isDetailed: boolean): HandlerAnswer {
  const title = `${status} - ${STATUS_CODES[status] ?? 'Error'}`
  const shown = isDetailed
    ? `<h1>HTTP Error ${status}.${subStatus} - ${escaped(STATUS_CODES[status] ?? 'Error')}</h1><pre>${escaped(detail)}</pre>`
    : `<h1>${escaped(title)}</h1>`
  const page = `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body>${shown}</body></html>\n`
  const body = Buffer.from(page)
  return {
    status,
    subStatus,
    headers: [
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Content-Length', `${body.length}`],
    ],
    body,
    detail,
  }
}

/** The page of an error, with what a driver has said beside it (Allow, Retry-After). */
export function pageFor(found: Refusal | HandlerAnswer, isDetailed: boolean): HandlerAnswer {
  const { status, subStatus = 0, detail = '' } = found
  const page = errorPage({ status, subStatus, detail }, isDetailed)
  if (isRefusal(found)) return page
  const beside = found.headers.filter(([name]) => !/^content-/i.test(name))
  return { ...found, ...page, headers: [...beside, ...page.headers] }
}
