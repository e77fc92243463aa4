import type { HandlerAnswer } from '../handler.ts'
import type { HeaderList } from '../rewrite/looking.ts'

/** What a file or directory answers to. */
export const verbs = 'GET, HEAD, OPTIONS'

/** An answer without a body. */
export function answer(status: number, headers: HeaderList = []): HandlerAnswer {
  return { status, headers }
}

/** An error for httpErrors to dress; `detail` as a HandlerAnswer has it. */
export function refusal([status, subStatus]: readonly [number, number], detail: string): HandlerAnswer {
  return { status, subStatus, headers: [], detail }
}

/** 405.0 */
export function notAllowed(method: string): HandlerAnswer {
  return {
    ...refusal([405, 0], `${method} was asked of what is only read; the verbs are ${verbs}.`),
    headers: [['Allow', verbs]],
  }
}

/** A page, with its length, which HEAD gets too. */
export function page(status: number, html: string, method: string, headers: HeaderList = []): HandlerAnswer {
  const body = Buffer.from(html)
  return {
    status,
    headers: [...headers, ['Content-Type', 'text/html; charset=UTF-8'], ['Content-Length', String(body.length)]],
    ...(method !== 'HEAD' && { body }),
  }
}

/** A text of a configuration file may contain characters that no header field may. */
export const sendable = (text: string) => text.replace(/[^\t\x20-\x7e]/g, ' ')
