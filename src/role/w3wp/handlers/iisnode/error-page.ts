import type { HandlerAnswer } from '../../handler.ts'
import type { IisnodeFault } from './faults.ts'

const reasons = { 404: 'Not Found', 500: 'Internal Server Error', 503: 'Service Unavailable' } as const

/** The answer to a request that iisnode could not have answered: for developers with status 200 (I-42), else the status alone. */
export function errorAnswer(fault: IisnodeFault, devErrorsEnabled: boolean): HandlerAnswer {
  const { status, subStatus, sentence } = fault
  if (status < 500 || !devErrorsEnabled)
    return { status, subStatus, reason: reasons[status], headers: [], detail: sentence }
  const headers = [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Cache-Control', 'no-cache'],
  ] as const
  return { status: 200, headers, body: Buffer.from(page(fault)), detail: sentence }
}

function page({ status, subStatus, sentence, written }: IisnodeFault): string {
  const shown = '<pre style="background-color: #eeeeee">'
  const log =
    written?.trim() === '' || written === undefined
      ? '<p>The program has written nothing.</p>'
      : `<p>The last of what the program has written (64 KiB at most):</p>${shown}${escaped(written)}</pre>`
  return `<p>iisnode encountered an error when processing the request.</p>${shown}${escaped(sentence)}
HTTP status: ${status}
HTTP subStatus: ${subStatus}
HTTP reason: ${reasons[status]}</pre>
<p>You are receiving this HTTP 200 response because system.webServer/iisnode/@devErrorsEnabled configuration setting is 'true'.</p>
${log}
`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Characters that HTML forbids are shown by their number, as the module does. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
    .replace(/(?![\t\n\r])\p{Cc}/gu, (sign) => `[x${sign.charCodeAt(0).toString(16).padStart(2, '0')}]`)
}
