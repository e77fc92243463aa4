import type { IncomingMessage, ServerResponse } from 'node:http'

/** The first version of the Blob service that leaves the address of what it lists to the client. */
const versionWithoutAddresses = '2013-08-15'

/** Whether libraries look for addresses in the answer to a request: StorageClient, and Microsoft.WindowsAzure.Storage before 3.0. */
export function isEarlyListing({ method, url = '', headers }: IncomingMessage): boolean {
  const version = headers['x-ms-version']
  return (
    method === 'GET' &&
    /[?&]comp=list(?:&|$)/.test(url) &&
    typeof version === 'string' &&
    version < versionWithoutAddresses
  )
}

/** Holds Azurite's answer, a list of at most 5,000, until it is whole, and sends it with the addresses of its items. */
export function addAddresses(answer: ServerResponse): void {
  const { write, end } = answer
  const kept: Buffer[] = []
  const keep = (part: unknown) => {
    if (typeof part === 'string' || part instanceof Uint8Array) kept.push(Buffer.from(part as string))
    return true
  }
  Object.assign(answer, {
    write: keep,
    end(part: unknown) {
      keep(part)
      Object.assign(answer, { write, end })
      const list = Buffer.concat(kept)
      if (answer.headersSent) return answer.end(list)
      answer.removeHeader('content-length')
      return answer.end(withAddresses(list.toString()))
    },
  })
}

/** The XML of a list as versions before 2013-08-15 write it: containers and blobs have a `Url`, and the container is called by its own. */
function withAddresses(list: string): string {
  const [, service = ''] = /ServiceEndpoint="([^"]*)"/.exec(list) ?? []
  const [, container] = /ContainerName="([^"]*)"/.exec(list) ?? []
  const above = container === undefined ? service : `${service.replace(/\/$/, '')}/${container}`
  return list
    .replace(/ContainerName="[^"]*"/, () => `ContainerName="${above}"`)
    .replace(/<(Blob|Container)><Name>([^<]*)<\/Name>/g, (_, kind: string, name: string) => {
      return `<${kind}><Name>${name}</Name><Url>${above.replace(/\/$/, '')}/${inAddress(name)}</Url>`
    })
}

/** What would end a path, or be another character in it, is escaped; the rest a library escapes itself, and Storage 2.1 takes no other form. */
function inAddress(name: string): string {
  return name.replace(/&#[^;]*;|[%#?\\]/g, (mark) => (mark.length > 1 ? mark : encodeURIComponent(mark)))
}
