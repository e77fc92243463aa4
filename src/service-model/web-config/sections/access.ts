import { type AttributeSchema, choice, collection, flag, section, text } from '../schema.ts'

const flags = ['None', 'Ssl', 'SslNegotiateCert', 'SslRequireCert', 'SslMapCert', 'Ssl128'] as const

/** `Ssl, SslNegotiateCert`: words with commas between, in any case. */
const sslFlags: AttributeSchema<string> = {
  read(found) {
    const words = found.split(',').map((word) => flags.find((one) => one.toLowerCase() === word.trim().toLowerCase()))
    if (found.trim() === '') return 'None'
    return words.includes(undefined) ? undefined : words.join(',')
  },
  wanted: `a list of ${flags.join(', ')}, with commas between`,
  fallback: { value: 'None' },
}

/** Whether clients must come by https, and with a certificate of their own (I-65). */
export const access = section({ sslFlags })

/** Whether clients that nobody knows are served (I-65). */
export const anonymousAuthentication = section({
  enabled: flag(true),
  userName: text('IUSR'),
  password: text(''),
  logonMethod: choice(['Interactive', 'Batch', 'Network', 'ClearText'], 'ClearText'),
})

/** Who may ask for what (I-65). Files may remove the server's own rule, which lets in all. */
export const authorization = collection(
  { bypassLoginPages: flag(true) },
  {
    schema: section({
      accessType: choice(['Allow', 'Deny']),
      users: text(''),
      roles: text(''),
      verbs: text(''),
    }),
    key: ['users', 'roles', 'verbs'],
  },
)
