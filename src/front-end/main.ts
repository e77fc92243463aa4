import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fine } from '../kernel/fault.ts'
import { openAppendOnly } from '../machine/append-only.ts'
import { type Certificate, parseCertificate, publicKeyOf, thumbprintOf } from '../machine/certificates/certificate.ts'
import { readPfx } from '../machine/certificates/pfx.ts'
import { openSealer } from '../machine/certificates/sealer.ts'
import { systemChance, systemClock } from '../machine/clock.ts'
import { controllerName, openControllerClient } from '../machine/http/controller-client.ts'
import { openJsonClient } from '../machine/http/json-client.ts'
import { serveApi } from '../machine/http/serve-api.ts'
import { followTls, readTls } from '../machine/http/tls.ts'
import { openLog } from '../machine/log.ts'
import { nameThisProcess } from '../machine/process.ts'
import { writeReadyFile } from '../machine/ready-file.ts'
import { bodyLimitBytes, headerLimitBytes } from './contract/errors.ts'
import { connectFabric } from './ffe/fabric.ts'
import type { Place, StorageAccount } from './ffe/place.ts'
import { rememberSubscriptions } from './ffe/subscriptions.ts'
import type { FrontEndOptions } from './options.ts'
import { type AnswerParts, answer } from './rdfe/answer.ts'
import { answerUnreadable } from './rdfe/unreadable.ts'

nameThisProcess('RDFE')
// Whoever started us shows our last line: one sentence, not a stack.
process.on('uncaughtException', (error) => {
  process.stderr.write(`The front end ends: ${error.message}\n`)
  process.exit(1)
})
const options = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as FrontEndOptions
const log = openLog(options.logFile)
const audit = openAppendOnly(options.auditFile)
const tls = readTls(options.tls)
const sealer = openSealer(options.fabricKeyFile)
const client = openJsonClient(tls, controllerName)
const link = openControllerClient(client, options)
const now = () => systemClock.now()
const wait = (durationMs: number) => delay(durationMs)
/** For durations: a clock that is set back would make them as much longer. */
const elapsed = () => performance.now()
const fabric = connectFabric({ link, now: elapsed, wait, log })
const subscriptions = rememberSubscriptions(fabric, elapsed)
const place: Place = {
  region: options.region ?? 'reddog',
  locations: options.locations ?? ['Reddog', 'Anywhere US'],
  storage: JSON.parse(readFileSync(options.storageAccountFile, 'utf8')) as StorageAccount,
}
const parts: AnswerParts = {
  fabric,
  subscriptions,
  place,
  now,
  newId: () => systemChance.hex32(),
  audit,
  log,
  readCertificate: (data) => shownBy(parseCertificate(Buffer.from(data, 'base64'))),
  readPfx(file, password) {
    const read = readPfx(file, password)
    return read.ok ? fine(read.value.map(({ der, key }) => ({ ...identityOf(der), key }))) : read
  },
  seal: (secret, purpose) => sealer.seal(secret, purpose),
  publicKeyOf: (data) => publicKeyOf(Buffer.from(data, 'base64')),
  certificatesChanged: () => subscriptions.forget(),
}
const serve = (address: string, port: number) =>
  serveApi({
    address,
    port,
    certificate: options.serverCertificate ? readServerCertificate(options.serverCertificate) : tls,
    bodyLimitBytes,
    headerLimitBytes,
    answer: (request) => answer({ ...request, certificate: shownBy(request.certificate) }, parts),
    unreadable: (found) => answerUnreadable({ ...found, certificate: shownBy(found.certificate) }, parts),
  })
const server = await serve(options.address, options.port)
const servers = [server, ...(options.alsoAt === undefined ? [] : [await serve(options.alsoAt, server.port)])]
followTls(options.tls, (renewed) => {
  client.renew(renewed)
  if (!options.serverCertificate) for (const each of servers) each.renew(renewed)
})
log.info(`serves the API on ${[options.address, options.alsoAt ?? []].flat().join(' and ')}, port ${server.port}`)
writeReadyFile(options.readyFile, { port: server.port })
process.once('SIGTERM', () => {
  log.info('stops: requests in flight are answered first')
  void Promise.all(servers.map((each) => each.close())).then(() => process.exit(0))
})

function identityOf(der: Buffer) {
  return { thumbprint: thumbprintOf(der), data: der.toString('base64') }
}

/** The same certificate in the front end's own words. */
function shownBy(certificate: Certificate | undefined) {
  return (
    certificate && {
      thumbprint: certificate.thumbprint,
      data: certificate.der.toString('base64'),
      expiresAt: certificate.notAfter.getTime(),
    }
  )
}

function readServerCertificate(files: { readonly cert: string; readonly key: string }) {
  return { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
}
