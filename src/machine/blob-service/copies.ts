import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import errors from 'azurite/dist/src/blob/errors/StorageErrorFactory.js'
import blobHandler from 'azurite/dist/src/blob/handlers/BlobHandler.js'

/** Any: the blob is this account's, and Azurite looks at the path alone then; of another account's it finds nothing there. */
const origin = 'http://127.0.0.1'

/** The service asks itself. */
const answerLimitMs = 5_000

/**
 * Makes Azurite take the source of a copy as versions before 2012-02-12 name it, `/account/container/blob`, and ask nobody but this service
 * (`at`) whether it may be read: its own way is a request to whatever address stands there. Who may copy by a shared access signature may read no
 * more by it: the source needs one of its own, or a public container, as in the original. Others get 404 or 403 with CannotVerifyCopySource.
 */
export function confineCopies(at: () => AddressInfo): void {
  const { prototype } = blobHandler.default
  for (const name of ['startCopyFromURL', 'copyFromURL'] as const) {
    const copy = prototype[name]
    prototype[name] = async function (source, options, context) {
      const whole = source.startsWith('/') ? `${origin}${source}` : source
      // Of signed sources Azurite asks by itself in the other kind of copy.
      const isToAsk = isSigned(whole) ? name === 'copyFromURL' : context.request.getQuery('sig') !== undefined
      if (isToAsk && URL.canParse(whole)) await this.validateCopySource(whole, '', context)
      return copy.call(this, whole, options, context)
    }
  }
  prototype.validateCopySource = async (source, _account, { contextId }) => {
    const status = await statusOf(new URL(source), at())
    if (status === 200) return
    const said =
      status === 404
        ? 'The specified resource does not exist.'
        : 'The copy source could not be verified. Check its signature.'
    throw errors.default.getCannotVerifyCopySource(contextId, status === 404 ? 404 : 403, said)
  }
}

function isSigned(source: string): boolean {
  return URL.parse(source)?.searchParams.has('sig') ?? false
}

/** The status with which this service answers who asks for the blob at that address; 404 when it does not answer. */
function statusOf({ host, pathname, search }: URL, { address, port }: AddressInfo): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(
      { host: address, port, method: 'HEAD', path: `${pathname}${search}`, headers: { host }, timeout: answerLimitMs },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 404)
      },
    )
    asked.once('timeout', () => asked.destroy(new Error('no answer')))
    asked.once('error', () => resolve(404))
    asked.end()
  })
}
