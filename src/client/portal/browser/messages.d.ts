import type { english } from './messages/en/messages.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell'
    resources: typeof english
    enableSelector: false
  }
}
