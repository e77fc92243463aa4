/** The port between w3wp and the drivers that answer requests: iisnode, httpPlatformHandler, ASP.NET Core's module, FastCGI. */
import type { Duplex, Readable } from 'node:stream'
import type { Effective } from '../../service-model/web-config/schema.ts'
import type { SectionName, sections } from '../../service-model/web-config/sections.ts'
import type { RequestFacts } from '../contract/web-request.ts'
import type { HeaderList } from './rewrite/looking.ts'

/** A line of `handlers` as it is in force (I-47). */
export type HandlerMapping = Effective<(typeof sections)['handlers']>['items'][number]

/** A section as it is in force at the path of a request. */
export type SectionInForce = <Name extends SectionName>(name: Name) => Effective<(typeof sections)[Name]>

/** A request at its handler. */
export interface HandlerRequest {
  readonly method: string
  /** As rules have rewritten it: an encoded path from the root of the site, and the query. */
  readonly url: string
  /** As the client sent it (I-39). */
  readonly originalUrl: string
  /** As the client sent them, in its order, with the changes of rules; without the listener's own field. */
  readonly headers: HeaderList
  /** Ends when the client has sent all; destroyed when the client disconnects. */
  readonly body: Readable
  readonly facts: RequestFacts
  readonly siteName: string
  readonly application: {
    /** From the root of the site: `/`, `/shop`. */
    readonly path: string
    readonly physicalPath: string
    /** Its virtual directories, paths from the root of the site. */
    readonly directories: readonly (readonly [path: string, physicalPath: string])[]
  }
  /** Real path of the virtual directory around the file: nothing above it is served. */
  readonly root: string
  /** The mapping that led here. */
  readonly mapping: HandlerMapping
  /** Real path of the file that the URL stands for, spelled as on the disk; where the mapping wants no file, it need not exist. */
  readonly scriptPath: string
  /** Decoded URL path of that file: SCRIPT_NAME. */
  readonly scriptName: string
  /** Decoded, the rest of the URL's path after the script's; '' for nothing (I-45). */
  readonly pathInfo: string
  /** May throw nothing: faults of the sections that a handler asks for have ended the request before. */
  readonly section: SectionInForce
  /** `appSettings` in force, of the application's own files too (I-40). */
  readonly appSettings: ReadonlyMap<string, string>
  /** '' when there is none; values set by rules have priority (I-51). */
  readonly serverVariable: (name: string) => string
  /** Aborted when the client has disconnected, or the process is to end at once. */
  readonly signal: AbortSignal
}

/** An answer, before outbound rules, custom headers, httpErrors and compression. */
export interface HandlerAnswer {
  readonly status: number
  readonly reason?: string | undefined
  readonly subStatus?: number | undefined
  readonly win32Status?: number | undefined
  /** Fields of the connection (RFC 9110, 7.6.1) are removed; a Content-Length stays. */
  readonly headers: HeaderList
  readonly body?: Readable | Buffer | undefined
  /**
   * True: `httpErrors existingResponse="Auto"` leaves it as it is (`fTrySkipCustomErrors`). httpPlatformHandler and ASP.NET Core's module set it,
   * iisnode and FastCGI do not.
   */
  readonly skipsCustomErrors?: boolean | undefined
  /** True: no part of the application has taken the request: its URL names a file or nothing. Header fields of the answer are added to the file's. */
  readonly isForFiles?: boolean | undefined
  /** One sentence for a detailed error (I-62): what was asked, what was found, what to do. */
  readonly detail?: string | undefined
}

export type Handler = (request: HandlerRequest) => Promise<HandlerAnswer>

/** The code for one or several module names. A driver that rejects is answered 500.0 with one line in the log. */
export interface HandlerDriver {
  readonly serve: Handler
  /**
   * A request with `Upgrade` (its body is empty). Undefined: the driver has taken the connection, writes its own 101 and ends it. A returned
   * answer is written, and the connection closed. A driver without this function gets it as an ordinary request.
   */
  readonly upgrade?: (
    request: HandlerRequest,
    connection: { readonly socket: Duplex; readonly head: Buffer },
  ) => Promise<HandlerAnswer | undefined>
  /** Ends all that the driver has started; no request is in flight. */
  readonly close: () => Promise<void>
}

/** What a driver gets from its process. */
export interface DriverSurroundings {
  /** The pool's name. */
  readonly pool: string
  /**
   * A directory of this process alone (0700), for sockets; removed at its end. Its path is short, as the system has 107 bytes for a
   * socket's path.
   */
  readonly directory: string
  /** One line of the process's own output. */
  readonly say: (line: string) => void
  /** The element `machineKey` that all instances of the role share (I-14); undefined where there is none. */
  readonly machineKey?: string | undefined
}

export type DriverFactory = (surroundings: DriverSurroundings) => HandlerDriver
