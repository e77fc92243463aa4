import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** What an answer that is no page may do: nothing, should a browser ever show it. */
const closedPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

/** Headers that every answer has, whatever it is. */
const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
  'content-security-policy': closedPolicy,
}

/** Puts them on an answer; whoever knows better says other values later. */
export function secure(response: ServerResponse): void {
  for (const [name, value] of Object.entries(always)) response.setHeader(name, value)
}

/** The nonce of one answer with a page, and the policy that names it: scripts of our own alone, no frames, no forms, no other server. */
export function pagePolicy(): { readonly nonce: string; readonly policy: string } {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { nonce, policy }
}
