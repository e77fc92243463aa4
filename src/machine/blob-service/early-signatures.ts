import sharedKeyAuthenticator from 'azurite/dist/src/blob/authentication/BlobSharedKeyAuthenticator.js'

/** The first version of the Blob service in which a Content-Length of 0 is signed as an empty text. */
const emptyLengthVersion = '2015-02-21'

/**
 * Makes Azurite accept signatures of earlier libraries (StorageClient, Microsoft.WindowsAzure.Storage before 5.0), which sign a
 * Content-Length of 0 as "0". It knows only the later rule, and would refuse their requests without a body: to create a container, a lease, a
 * snapshot.
 */
export function acceptEarlySignatures(): void {
  const { prototype } = sharedKeyAuthenticator.default
  const later = prototype.getHeaderValueToSign
  prototype.getHeaderValueToSign = function (request, name) {
    const isEarly = (request.getHeader('x-ms-version') ?? emptyLengthVersion) < emptyLengthVersion
    const isNoBody = name.toLowerCase() === 'content-length' && request.getHeader(name) === '0'
    return isEarly && isNoBody ? '0' : later.call(this, request, name)
  }
}
