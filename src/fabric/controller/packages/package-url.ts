import { type Fault, refused } from '../../../kernel/fault.ts'

/**
 * Why a package must not be read from an address, or written to a container; undefined when it may. Absolute http and https addresses of known Blob
 * services only (B-1), so that a request cannot make the fabric connect to anything else.
 */
export function blobUrlFault(
  what: 'package' | 'container',
  address: string,
  blobHosts: readonly string[],
): Fault | undefined {
  const url = URL.parse(address)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    return refused('BadRequest', `The ${what} URL is no absolute http or https address in a Blob service.`).fault
  return blobHosts.some((host) => matches(url, host.toLowerCase()))
    ? undefined
    : refused(
        'BadRequest',
        `The ${what} URL names the host ${url.host}, which is no Blob service of this fabric. ${what === 'package' ? 'Upload the package to' : 'Use a container in'} one of: ${blobHosts.join(', ')}. Who runs the fabric permits others with: reddog up --permit-blob-host ${url.host}`,
      ).fault
}

/** B-1, for the address of a package. */
export function packageUrlFault(address: string, blobHosts: readonly string[]): Fault | undefined {
  return blobUrlFault('package', address, blobHosts)
}

/** An IPv6 address is in brackets, as in a URL, with the port after them. */
const hostAndPort = /^(\[.*\]|[^:]*)(?::(\d+))?$/

/** `host`, `host:port`, or the same with `*.suffix` for every host below it; without a port that of the scheme alone. */
function matches(url: URL, permitted: string): boolean {
  const [, name = '', port = ''] = hostAndPort.exec(permitted) ?? []
  const isHost = name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name
  return isHost && (url.port === port || isDefault(url, port))
}

/** A URL omits the default port of its scheme. */
function isDefault({ protocol, port }: URL, asked: string): boolean {
  return port === '' && asked === (protocol === 'https:' ? '443' : '80')
}
