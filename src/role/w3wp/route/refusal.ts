/** Why a request is not served: the status and sub-status of IIS, and one sentence for clients that may see details. */
export interface Refusal {
  readonly status: number
  readonly subStatus: number
  readonly detail: string
}

/** Whether that is a refusal, and no answer of a handler. */
export function isRefusal(value: object): value is Refusal {
  return !('headers' in value)
}

export function refusal(status: number, subStatus: number, detail: string): Refusal {
  return { status, subStatus, detail }
}
