import blobHandler from 'azurite/dist/src/blob/handlers/BlobHandler.js'

/** Any: the blob is this account's, and Azurite looks at the path alone then; of another account's it finds nothing there. */
const origin = 'http://127.0.0.1'

/** Makes Azurite accept the source of a copy as versions before 2012-02-12 name it: `/account/container/blob`, without a host. */
export function acceptEarlyCopies(): void {
  const { prototype } = blobHandler.default
  const copy = prototype.startCopyFromURL
  prototype.startCopyFromURL = function (source, ...rest) {
    return copy.call(this, source.startsWith('/') ? `${origin}${source}` : source, ...rest)
  }
}
