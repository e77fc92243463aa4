import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import blobConfiguration from 'azurite/dist/src/blob/BlobConfiguration.js'
import blobServer from 'azurite/dist/src/blob/BlobServer.js'
import { configLogger } from 'azurite/dist/src/common/Logger.js'
import { confineCopies } from './copies.ts'
import { acceptEarlySignatures } from './early-signatures.ts'
import type { LokiDatabase } from './loki.ts'

/** The parts of Azurite's Blob service that we use. */
export interface AzuriteParts {
  readonly listener: RequestListener
  readonly databases: readonly LokiDatabase[]
  /** Reads the stored state; nothing changes before `collectGarbage`. */
  load(): Promise<void>
  /** Drops, now and every ten minutes, what no blob refers to any more; `before` is awaited each time before anything is deleted. */
  collectGarbage(before: () => Promise<void> | undefined): Promise<void>
}

interface Part {
  init(): Promise<void>
}

interface BlobServer {
  readonly accountDataStore: Part
  readonly metadataStore: Part & { readonly db: LokiDatabase }
  readonly extentMetadataStore: Part & { readonly db: LokiDatabase }
  readonly extentStore: Part & { deleteExtents(extents: Iterable<string>): Promise<number> }
  readonly gcManager: { start(): Promise<void> }
  readonly httpServer: { listeners(event: 'request'): readonly RequestListener[] }
}

/** Names as in Azurite, so that one can read the other's directory. */
const files = {
  metadata: '__azurite_db_blob__.json',
  extents: '__azurite_db_blob_extent__.json',
  data: '__blobstorage__',
}

/** Extents that are written at one time: Azurite's own number. */
const writers = 50

/** Azurite's Blob service over this directory, not started: its web server, its periodic saving and its telemetry stay away. `at`: where it is served. */
export function azuriteParts(location: string, at: () => AddressInfo): AzuriteParts {
  configLogger(false)
  acceptEarlySignatures()
  confineCopies(at)
  const extents = [{ locationId: 'Default', locationPath: join(location, files.data), maxConcurrency: writers }]
  const [host, port, keepAliveSeconds] = [undefined, 0, undefined]
  const [metadata, known] = [join(location, files.metadata), join(location, files.extents)]
  const [accessLog, accessLogStream, debugLog, debugLogFile, loose] = [false, undefined, false, undefined, false]
  // Azurite would refuse client libraries newer than itself.
  const skipApiVersionCheck = true
  const configuration = new blobConfiguration.default(
    host,
    port,
    keepAliveSeconds,
    metadata,
    known,
    extents,
    accessLog,
    accessLogStream,
    debugLog,
    debugLogFile,
    loose,
    skipApiVersionCheck,
  )
  const server = new blobServer.default(configuration) as BlobServer
  const { accountDataStore, metadataStore, extentMetadataStore, extentStore, gcManager, httpServer } = server
  return {
    listener: httpServer.listeners('request')[0] as RequestListener,
    databases: [metadataStore.db, extentMetadataStore.db],
    async load() {
      for (const part of [accountDataStore, metadataStore, extentMetadataStore, extentStore]) await part.init()
    },
    collectGarbage(before) {
      const remove = extentStore.deleteExtents.bind(extentStore)
      extentStore.deleteExtents = async (unreferenced) => {
        await before()
        return remove(unreferenced)
      }
      return gcManager.start()
    },
  }
}
