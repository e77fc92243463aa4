import { createSecureContext, type SecureContext } from 'node:tls'
import type { WebSite } from '../../service-model/application-host/application-host.ts'
import { hostName } from '../../service-model/application-host/find-site.ts'

/** PEM. */
export interface SiteCertificate {
  readonly cert: string
  readonly key: string
}

/** The certificates of the https bindings at an address and port (I-12). */
export interface SiteCertificates {
  /** For a name that a client sends; undefined when no binding has that name. */
  readonly contextOf: (name: string) => SecureContext | undefined
  /** For a client that sends no name, or another: that of the binding that fits every name, or of the first. */
  readonly general: SiteCertificate | undefined
  readonly problems: readonly string[]
}

/** `find`: the certificate with that thumbprint; undefined when the guest does not have it. */
export function siteCertificates(
  sites: readonly WebSite[],
  at: { readonly address: string; readonly port: number },
  find: (thumbprint: string) => SiteCertificate | undefined,
): SiteCertificates {
  const here = sites
    .flatMap(({ bindings }) => bindings)
    .filter(({ protocol, address, port }) => protocol === 'https' && address === at.address && port === at.port)
  const made = here.map(({ hostHeader, certificate }) => ({ hostHeader, ...contextFor(certificate, find) }))
  const usable = made.flatMap((one) => ('context' in one ? [one] : []))
  const contexts = new Map(usable.map(({ hostHeader, context }) => [hostHeader, context]))
  return {
    contextOf: (name) => contexts.get(hostName(name)),
    general: (usable.find(({ hostHeader }) => hostHeader === '') ?? usable[0])?.found,
    problems: made.flatMap((one) =>
      'why' in one ? [`${at.address}:${at.port}:${one.hostHeader} is not served: ${one.why}`] : [],
    ),
  }
}

function contextFor(
  thumbprint: string | undefined,
  find: (thumbprint: string) => SiteCertificate | undefined,
): { readonly context: SecureContext; readonly found: SiteCertificate } | { readonly why: string } {
  if (thumbprint === undefined) return { why: 'the binding names no certificate.' }
  try {
    const found = find(thumbprint)
    if (!found) return { why: `the certificate ${thumbprint} is not in the store of the instance.` }
    return { context: createSecureContext(found), found }
  } catch {
    return { why: `the certificate ${thumbprint} in the store of the instance cannot be used.` }
  }
}
