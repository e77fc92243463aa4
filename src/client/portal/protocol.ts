/** What passes between the portal's pages and its gateway, beside the Service Management API itself: paths, headers, JSON. */
import type { Finding } from '../../service-model/findings/finding.ts'

/** No page has an address that begins so. */
export const portalPaths = {
  /** POST a `SignInRequest`: 204 and a cookie; GET: `SessionAnswer`, or 401; DELETE: 204. */
  session: '/session',
  /** `/api/<path>?<query>`: the API's own answer to `/<subscription>/<path>?<query>`. */
  api: '/api',
  /** GET with `path` once or more, each as behind `/api/`: server-sent events. */
  live: '/live',
  /** POST the bytes of a package, with `name`: `UploadedPackageAnswer`; DELETE with `url`: 204. */
  packages: '/packages',
  /** POST an `ExamineRequest`: `ExaminedPackageAnswer`. */
  examine: '/packages/examine',
  /** GET: `ContainersAnswer`; with `container`, and perhaps `prefix`: `BlobsAnswer`. `after` asks for the next page. */
  blobs: '/blobs',
  /** GET with `container` and `name`: the bytes of a small blob. */
  blobContent: '/blobs/content',
} as const

/** Every request but GET has this header, with any value: a page of another origin cannot send it unasked. */
export const portalHeader = 'x-reddog-portal'

/** What the part of a one-time link behind `#` begins with; the token follows. */
export const signInFragment = 'sign-in='

/** Stands in index.html where the nonce of the answer goes, which style elements made by scripts must have. */
export const noncePlace = '__NONCE__'

/** Where one stream watches so many paths it is full. */
export const mostLivePaths = 16

/** Events of the live stream. `changed` has a `LiveChange`; `away` says that the API does not answer, until the next `changed`. */
export const liveEvents = { changed: 'changed', away: 'away' } as const

export interface LiveChange {
  /** As it was asked for. */
  readonly path: string
  readonly status: number
  /** The API's answer, an error too. */
  readonly text: string
}

/** Body of every answer from 400 on that is the gateway's own; those of the API are the API's. */
export interface Refused {
  readonly message: string
}

/** The token is empty where the client certificate signs in. */
export interface SignInRequest {
  readonly token: string
}

export interface SessionAnswer {
  readonly subscriptionId: string
  /** RFC 3339, UTC. It ends earlier when nothing is asked for an hour. */
  readonly signedInUntil: string
}

export interface ExamineRequest {
  /** Address of a blob in the subscription's account. */
  readonly url: string
}

export interface ExaminedPackageAnswer {
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly findings: readonly Finding[]
  readonly warnings: readonly string[]
  readonly model: {
    /** Name of the service definition. */
    readonly name: string
    readonly roles: readonly { readonly name: string; readonly kind: string }[]
  }
}

export interface UploadedPackageAnswer extends ExaminedPackageAnswer {
  readonly url: string
}

export interface ContainersAnswer {
  readonly containers: readonly string[]
  /** What the next page is asked for with; absent on the last. */
  readonly after?: string
}

export interface BlobsAnswer {
  readonly blobs: readonly {
    readonly name: string
    readonly url: string
    readonly sizeBytes: number
    /** RFC 3339, UTC. */
    readonly modified: string
  }[]
  readonly after?: string
}
