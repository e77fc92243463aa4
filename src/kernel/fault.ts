/** An error of a user or network, as a value: a code from the field's table and one sentence with what was asked, what was found and what to do. */
export interface Fault {
  /** A code of section 6 of docs/spec/service-management-api.md, or a fabric code of its section 16. */
  readonly code: string
  readonly message: string
}

export type Result<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault }

export function fine<Value>(value: Value): Result<Value> {
  return { ok: true, value }
}

export function refused(code: string, message: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, message } }
}
