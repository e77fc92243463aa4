import type { HandlerAnswer } from '../../handler.ts'
import type { PlatformSettings } from './settings.ts'

/** A program that does not start is 502.5 of ASP.NET Core's module, and 502.3 of httpPlatformHandler, which has no word of its own for it. */
export function startFault({ module }: PlatformSettings, sentence: string): HandlerAnswer {
  return badGateway(module === 'aspNetCore' ? 5 : 3, sentence)
}

/** A program that does not answer, or not in time. */
export function exchangeFault({ module }: PlatformSettings, why: string): HandlerAnswer {
  return badGateway(3, `The program of ${module} did not answer: ${why}.`)
}

function badGateway(subStatus: number, detail: string): HandlerAnswer {
  return { status: 502, subStatus, reason: 'Bad Gateway', headers: [], detail }
}
