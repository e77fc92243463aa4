/** What a person can do about a refusal, where it is known. */
export type WayOn =
  /** Another operation holds the deployment (U-40): follow it, then try again. */
  | { readonly kind: 'follow'; readonly operation: string }
  /** The new version has another definition (U-4), or would lose local data: deploy it beside and swap. */
  | { readonly kind: 'swap' }
  /** The slot holds a deployment: upgrade that one. */
  | { readonly kind: 'occupied' }
  /** Nothing answered, or what refused it passes. */
  | { readonly kind: 'tryAgain' }
  /** What was asked for has to be another thing. */
  | { readonly kind: 'correct' }

interface Refusal {
  /** 0 when nothing answered. */
  readonly status: number
  readonly message: string
}

export function wayOn({ status, message }: Refusal): WayOn {
  const operation = /x-ms-requestid ([0-9a-f-]{32,36})\b/i.exec(message)?.[1]
  if (operation !== undefined) return { kind: 'follow', operation }
  if (/\bslot \w+ is occupied\b/.test(message)) return { kind: 'occupied' }
  if (/\bstaging slot and swap\b|\bto staging and swap\b/.test(message)) return { kind: 'swap' }
  if (status === 0 || status === 409 || status >= 500) return { kind: 'tryAgain' }
  return { kind: 'correct' }
}
