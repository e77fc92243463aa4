import { mkdirSync, readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { endGently } from '../../../machine/http/linger.ts'
import { followTls, readTls } from '../../../machine/http/tls.ts'
import { openLog } from '../../../machine/log.ts'
import { examinePackage } from '../../../machine/package/examine-package.ts'
import { peerUid } from '../../../machine/peer.ts'
import { nameThisProcess } from '../../../machine/process.ts'
import { writeReadyFile } from '../../../machine/ready-file.ts'
import { temporaryDirectory } from '../../../machine/temporary-directory.ts'
import { openApiLink } from './api-link.ts'
import { openAppFiles } from './app-files.ts'
import { rememberCallers } from './caller.ts'
import { type Entrance, entranceElsewhere, entranceHere } from './entrance.ts'
import { type GatewayParts, handleRequest } from './handle-request.ts'
import { listenElsewhere, listenHere, minVersion } from './listener.ts'
import { openLive } from './live/live.ts'
import { openOneTimeLinks } from './one-time-links.ts'
import type { GatewayOptions } from './options.ts'
import { openPackages } from './packages.ts'
import { rememberCertificates } from './registered-certificates.ts'
import { openSessions } from './sessions.ts'
import { watchSessions } from './watch-sessions.ts'

nameThisProcess('Portal')
// Whoever started us shows our last line: one sentence, not a stack.
process.on('uncaughtException', (error) => {
  process.stderr.write(`The portal ends: ${error.message}\n`)
  process.exit(1)
})
const options = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as GatewayOptions
const log = openLog(options.logFile)
const { managementUrl, subscriptionId, elsewhere } = options
mkdirSync(options.temporary, { recursive: true, mode: 0o700 })
// What a killed run has left there goes with it.
temporaryDirectory(options.temporary)[Symbol.dispose]()

const stopping = new AbortController()
const link = openApiLink({ managementUrl, subscriptionId, tls: readTls(options.tls) })
const certificates = rememberCertificates(link, Date.now)
const sessions = openSessions(Date.now)
const here = entranceHere(options.port)
const parts: GatewayParts = {
  subscriptionId,
  link,
  certificates,
  sessions,
  oneTimeLinks: openOneTimeLinks(here.origins[0] ?? '', certificates, Date.now),
  files: openAppFiles(options.pages),
  live: openLive(link, sessions),
  packages: openPackages({
    link,
    examine: examinePackage,
    temporaryDirectory,
    directory: options.temporary,
    log,
    stopping: stopping.signal,
  }),
  callerOf: rememberCallers(peerUid),
  log,
  endGently: (response) => endGently(response),
}
watchSessions(sessions, certificates)

function answersAt(entrance: Entrance): RequestListener {
  return (request, response) => void handleRequest(request, response, entrance, parts)
}

await listenHere(options.port, answersAt(here))
if (elsewhere) {
  const { host, port, certificate } = elsewhere
  const files = { cert: readFileSync(certificate.cert, 'utf8'), key: readFileSync(certificate.key, 'utf8') }
  const server = await listenElsewhere({ host, port, ...files }, answersAt(entranceElsewhere(host, port)))
  followTls({ ...certificate, ca: options.tls.ca }, ({ cert, key }) =>
    server.setSecureContext({ cert, key, minVersion }),
  )
}
log.info(
  `serves ${[here.origins[0], ...(elsewhere ? [`https://${elsewhere.host}:${elsewhere.port}`] : [])].join(' and ')}`,
)
writeReadyFile(options.readyFile, { port: options.port })

process.once('SIGTERM', () => {
  log.info('stops: its sessions end with it')
  stopping.abort()
  process.exit(0)
})
