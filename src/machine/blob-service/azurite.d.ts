/** The parts of Azurite that are used; it has no types of its own. Each is the default of a CommonJS module, which is that of ours. */
declare module 'azurite/dist/src/blob/BlobConfiguration.js' {
  const module: { readonly default: new (...given: readonly unknown[]) => object }
  export default module
}
declare module 'azurite/dist/src/blob/BlobServer.js' {
  const module: { readonly default: new (configuration: object) => object }
  export default module
}
declare module 'azurite/dist/src/blob/authentication/BlobSharedKeyAuthenticator.js' {
  interface SignedRequest {
    getHeader(name: string): string | undefined
  }
  const module: {
    readonly default: { readonly prototype: { getHeaderValueToSign(request: SignedRequest, name: string): string } }
  }
  export default module
}
declare module 'azurite/dist/src/blob/handlers/BlobHandler.js' {
  const module: {
    readonly default: {
      readonly prototype: {
        startCopyFromURL(source: string, options: object, context: Context): Promise<object>
        copyFromURL(source: string, options: object, context: Context): Promise<object>
        /** Rejects when the source may not be read. */
        validateCopySource(source: string, sourceAccount: string, context: Context): Promise<void>
      }
    }
  }
  interface Context {
    readonly contextId: string
    readonly request: { getQuery(name: string): string | undefined }
  }
  export default module
}
declare module 'azurite/dist/src/blob/errors/StorageErrorFactory.js' {
  const module: {
    readonly default: { getCannotVerifyCopySource(contextId: string, status: number, message: string): Error }
  }
  export default module
}
declare module 'azurite/dist/src/common/Logger.js' {
  export function configLogger(enabled: boolean): void
}
