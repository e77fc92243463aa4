/** The packages of a candidate that stands by, as a process of its own: the part of its controller that is no master's. */
import { join } from 'node:path'
import { newestEpoch } from '../../src/fabric/controller/packages/newest-epoch.ts'
import { packageRoutes } from '../../src/fabric/controller/serve/package-routes.ts'
import type { Pace } from '../../src/machine/blob/pace.ts'
import { openPackageFolder } from '../../src/machine/blob/package-store.ts'
import { serveJson } from '../../src/machine/http/serve-json.ts'
import type { TlsMaterial } from '../../src/machine/http/tls.ts'
import { openLog } from '../../src/machine/log.ts'
import { writeReadyFile } from '../../src/machine/ready-file.ts'

export interface StandByOptions {
  readonly directory: string
  readonly tls: TlsMaterial
  readonly port: number
  readonly pace?: Pace | undefined
}

const { directory, tls, port, pace } = JSON.parse(process.argv[2] ?? '') as StandByOptions
const account = { name: 'none', key: '', blobEndpoint: 'http://127.0.0.1:1/none' }
const folder = openPackageFolder({
  directory: join(directory, 'packages'),
  quarantine: join(directory, 'quarantine'),
  account,
  ...(pace && { pace }),
})
const log = openLog(join(directory, 'log'))
const routes = packageRoutes({ packages: folder, admits: newestEpoch() })
const server = await serveJson({ address: '127.0.0.1', port, tls, log, routes })
writeReadyFile(join(directory, 'ready'), { port: server.port })
