import type { Instant } from '../../../kernel/instant.ts'

/** What the settings of RemoteAccess ask for (P-20). */
export type RemoteAccess =
  | { readonly kind: 'off'; readonly why: string }
  /** Nobody can sign in, because a setting is wrong: a sentence says what to do. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'on'; readonly account: RemoteAccount }

export interface RemoteAccount {
  readonly name: string
  /** Base64 of a CMS EnvelopedData (P-21). */
  readonly encryptedPassword: string
  readonly expiresAt: Instant
}

const namespace = 'Microsoft.WindowsAzure.Plugins.RemoteAccess'

/** Names of the plug-in's own in the definition of a role that imports it. */
export const remoteAccessNames = {
  endpoint: `${namespace}.Rdp`,
  certificate: `${namespace}.PasswordEncryption`,
} as const

/** Accounts that every system has; of ours and of the original's (P-22). */
const reserved = ['root', 'administrator']

/** Date and time of ISO 8601 with an offset; without one it is UTC. */
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?$/

/**
 * The account that these settings ask for. `existing`: names of accounts of the system, which are refused (P-22). `isApart`: whether the user can
 * reach nothing of another instance or of the fabric: he has an account of his own, or namespaces that his account cannot leave.
 */
export function remoteAccessOf(
  settings: Readonly<Record<string, string>>,
  existing: ReadonlySet<string>,
  isApart: boolean,
): RemoteAccess {
  const setting = (name: string) => settings[`${namespace}.${name}`]?.trim() ?? ''
  if (setting('Enabled').toLowerCase() !== 'true')
    return { kind: 'off', why: 'RemoteAccess is not enabled: nobody can sign in, and nothing listens.' }
  const name = setting('AccountUsername')
  const refuse = (why: string): RemoteAccess => ({ kind: 'refused', why: `Nobody can sign in: ${why}` })
  if (!isApart)
    return {
      kind: 'off',
      why: 'Nobody can sign in: instances share the account of the fabric itself here, which would be in the hands of whoever does. Start Reddog with namespaces (up --isolation namespace), or as root.',
    }
  if (!/^[\w.-]{1,64}$/.test(name))
    return refuse(
      `the setting AccountUsername is "${name}". Name an account of at most 64 letters, digits, dots, hyphens and underscores.`,
    )
  if (reserved.includes(name.toLowerCase()) || existing.has(name))
    return refuse(`the name ${name} is one of the system's. Name another in the setting AccountUsername.`)
  const expiration = setting('AccountExpiration')
  const expiresAt = moment.test(expiration) ? Date.parse(withOffset(expiration)) : Number.NaN
  if (Number.isNaN(expiresAt))
    return refuse(`the setting AccountExpiration is "${expiration}". Write a time such as 2027-01-31T23:59:59+01:00.`)
  return { kind: 'on', account: { name, encryptedPassword: setting('AccountEncryptedPassword'), expiresAt } }
}

function withOffset(text: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`
}
