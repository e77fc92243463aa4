import { type BlobsAnswer, type ContainersAnswer, type ExaminedPackageAnswer, portalPaths } from '../../protocol.ts'
import { fetched, ownRequest, refusalOf } from '../connection/gateway-api.ts'

/** Containers of the subscription's account; `after` asks for the next page. */
export async function containers(after: string | undefined): Promise<ContainersAnswer> {
  return json(await asked(portalPaths.blobs, { after }))
}

export async function blobs(container: string, prefix: string, after: string | undefined): Promise<BlobsAnswer> {
  return json(await asked(portalPaths.blobs, { container, prefix: prefix === '' ? undefined : prefix, after }))
}

/** A small blob, as it is. */
export async function blobContent(container: string, name: string): Promise<ArrayBuffer> {
  return (await asked(portalPaths.blobContent, { container, name })).arrayBuffer()
}

/** Has a package that lies in the account looked through. */
export async function examinePackage(url: string): Promise<ExaminedPackageAnswer> {
  return json(
    await answered(
      fetched(portalPaths.examine, {
        method: 'POST',
        headers: { ...ownRequest, 'content-type': 'application/json' },
        body: JSON.stringify({ url }),
      }),
    ),
  )
}

/** Removes an upload of one's own; one that cannot be removed now is found too old by a later upload. */
export async function removePackage(url: string): Promise<void> {
  const path = `${portalPaths.packages}?${new URLSearchParams({ url })}`
  await fetched(path, { method: 'DELETE', headers: ownRequest, keepalive: true }).catch(() => {})
}

async function asked(path: string, query: Readonly<Record<string, string | undefined>>): Promise<Response> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return answered(fetched(`${path}?${new URLSearchParams(given)}`, { method: 'GET' }))
}

async function answered(response: Promise<Response>): Promise<Response> {
  const found = await response
  if (!found.ok) throw refusalOf(found.status, await found.text())
  return found
}

async function json<Value>(response: Response): Promise<Value> {
  return (await response.json()) as Value
}
