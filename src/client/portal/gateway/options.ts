/** The gateway's start options: the JSON file that its one argument names (mode 0600). */
export interface GatewayOptions {
  /** Where it serves this machine, on 127.0.0.1. */
  readonly port: number
  /** Where it serves other machines, over https, to callers with a management certificate. */
  readonly elsewhere?: ElsewhereOptions | undefined
  /** `https://HOST:PORT` of the API. */
  readonly managementUrl: string
  readonly subscriptionId: string
  /** Its management certificate, and the authority of the API's. Paths of PEM files. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Directory of the built pages: index.html and assets/. */
  readonly pages: string
  /** Directory for packages while they are read. */
  readonly temporary: string
  readonly logFile: string
  /** Written whole when requests are accepted. */
  readonly readyFile: string
}

export interface ElsewhereOptions {
  /** The address or name that the server's certificate bears, and where it listens. */
  readonly host: string
  readonly port: number
  /** Paths of PEM files. */
  readonly certificate: { readonly cert: string; readonly key: string }
}
