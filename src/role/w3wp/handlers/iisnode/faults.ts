import type { ExchangeFault } from '../http/exchange.ts'
import type { StartFault } from '../program/process-pool.ts'

/** iisnode's answer to an error: its status and sub-status (I-42). */
export interface IisnodeFault {
  readonly status: 404 | 500 | 503
  readonly subStatus: number
  /** What was asked, what was found, what to do. */
  readonly sentence: string
  /** The program's last output; undefined: there is no program. */
  readonly written?: string | undefined
}

/** Sub-statuses of `cnodeconstants.h`. */
const subStatuses = {
  onExecute: 1000,
  pipeConnection: 1001,
  endedBeforeConnection: 1002,
  statusLine: 1013,
  headers: 1014,
  initProcess: 1002,
} as const

export function ofStart({ kind, sentence, written }: StartFault): IisnodeFault {
  switch (kind) {
    case 'unrunnable':
    case 'rapid':
    case 'busy':
      return { status: 503, subStatus: subStatuses.initProcess, sentence }
    case 'ended':
      return { status: 500, subStatus: subStatuses.endedBeforeConnection, sentence, written }
    case 'late':
      return { status: 500, subStatus: subStatuses.pipeConnection, sentence, written }
  }
}

export function ofExchange({ kind, why }: ExchangeFault, script: string, written: string): IisnodeFault {
  const subStatus = kind === 'unreadable' ? subStatuses.headers : subStatuses.statusLine
  return { status: 500, subStatus, sentence: `The program of ${script} did not answer: ${why}.`, written }
}

export function ofSettings(sentence: string): IisnodeFault {
  return { status: 500, subStatus: subStatuses.onExecute, sentence }
}
