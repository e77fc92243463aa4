import type { Layer } from './layer.ts'
import type { SectionName } from './sections.ts'

/** What a section does that serves known clients alone, as nobody signs in here (I-65); undefined for another. */
export function knownClientsAlone(name: SectionName, layer: Layer): string | undefined {
  return tellers[name]?.(layer)
}

const tellers: Readonly<Partial<Record<SectionName, (layer: Layer) => string | undefined>>> = {
  'security/access': ({ attributes }) =>
    /SslRequireCert/.test(String(attributes['sslFlags']))
      ? 'access wants a certificate of the client, and no client is asked for one here: requests are answered 403.7.'
      : undefined,
  'security/authentication/anonymousAuthentication': ({ attributes }) =>
    attributes['enabled'] === false
      ? 'anonymousAuthentication is off, and nobody signs in here: requests are answered 401.2.'
      : undefined,
  'security/authorization': ({ steps }) =>
    steps.some((step) => step.kind === 'add' && isForKnown(step.item))
      ? 'authorization lets in users or roles by name, and nobody signs in here: requests are answered 401.2 unless another rule lets in all.'
      : undefined,
}

function isForKnown({ attributes: { accessType, users = '', roles = '' } }: Layer): boolean {
  return accessType === 'Allow' && !/[*?]/.test(String(users)) && `${users}${roles}` !== ''
}
