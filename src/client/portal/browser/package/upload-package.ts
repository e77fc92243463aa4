import { portalPaths, type UploadedPackageAnswer } from '../../protocol.ts'
import { ownRequest, refusalOf, Unanswered } from '../connection/gateway-api.ts'

/** The largest package, in bytes (B-2). */
export const packageLimitBytes = 600 * 1024 * 1024

interface Upload {
  /** Rejects with an ApiRefusal, or with Unanswered when the connection was lost or it was aborted. */
  readonly done: Promise<UploadedPackageAnswer>
  readonly abort: () => void
}

/**
 * Sends a file of this computer to the gateway. The browser reads it piece by piece as it is sent: `fetch` would neither say how far it
 * is, nor do so for a body of 500 MB. `sent` is called with the bytes that are on their way, `allSent` when the gateway has all of them
 * and reads.
 */
export function uploadPackage(
  file: File,
  { sent, allSent }: { readonly sent: (bytes: number) => void; readonly allSent: () => void },
): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<UploadedPackageAnswer>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded }) => sent(loaded))
    request.upload.addEventListener('load', allSent)
    request.addEventListener('load', () => {
      const { status, responseText } = request
      if (status === 201) resolve(JSON.parse(responseText) as UploadedPackageAnswer)
      else reject(refusalOf(status, responseText))
    })
    for (const event of ['error', 'abort', 'timeout']) request.addEventListener(event, () => reject(new Unanswered()))
  })
  request.open('POST', `${portalPaths.packages}?${new URLSearchParams({ name: file.name })}`)
  for (const [name, value] of Object.entries(ownRequest)) request.setRequestHeader(name, value)
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.send(file)
  return { done, abort: () => request.abort() }
}
