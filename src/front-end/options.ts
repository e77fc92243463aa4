/** The front end's start options: the JSON file that its one argument names (mode 0600). */
export interface FrontEndOptions {
  /** Where the API listens; port 0 takes any free one. */
  readonly address: string
  readonly port: number
  /** A further address with the same port, where other machines reach it. */
  readonly alsoAt?: string | undefined
  /** Certificate of the front end for both ends: its clients, and the controller, whose authority is `ca`. Paths of PEM files. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Certificate to show to clients instead, when the operator has one that the world trusts. Paths of PEM files. */
  readonly serverCertificate?: { readonly cert: string; readonly key: string } | undefined
  /** `https://HOST:PORT` */
  readonly controllerUrl: string
  /** In a fabric of several machines: path of a JSON file with the URLs of all controllers, read again when it changes. */
  readonly controllersFile?: string | undefined
  /** `x-ms-servedbyregion`; default `reddog`. */
  readonly region?: string | undefined
  /** Names of locations; default `Reddog` and `Anywhere US`. */
  readonly locations?: readonly string[] | undefined
  /** Path of a JSON file of mode 0600: `{"name", "key", "blobEndpoint"}` (ffe/place.ts). */
  readonly storageAccountFile: string
  /** Path of the fabric's key, 64 hexadecimal digits (mode 0600): private keys and configurations are sealed with it. */
  readonly fabricKeyFile: string
  /** One JSON line for every request is appended here. */
  readonly auditFile: string
  readonly logFile: string
  /** Written whole when requests are accepted: `{"ready":true,"port":N}`. */
  readonly readyFile: string
}
