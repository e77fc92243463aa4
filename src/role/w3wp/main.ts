/**
 * w3wp: serves the sites of an application pool (I-16). `w3wp -ap POOL -a SOCKET -h FILE`: its pool, the socket at which the listener asks it, and
 * applicationHost.config. It reports over its channel that it listens; after a request to stop it ends when no request is in flight.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { printable } from '../../kernel/printable.ts'
import { collectAtRest } from '../../machine/guest-os/collect-at-rest.ts'
import { readApplicationHost } from '../../service-model/application-host/read-application-host.ts'
import { decodeText } from '../../service-model/text.ts'
import { type FromWorkerProcess, programSockets, type ToWorkerProcess } from '../contract/web-request.ts'
import { wireSocket } from '../contract/web-wire.ts'
import { driverTable } from './driver-table.ts'
import { machineKeyIn } from './handlers/asp-net/root-configuration.ts'
import { sayingFaults } from './say-once.ts'
import { requestServer } from './serve-request.ts'
import { wireServer } from './wire-server.ts'
import { workerServer } from './worker-server.ts'

writeFileSync('/proc/self/comm', 'w3wp')
collectAtRest()
// When the memory of its guest is used up, it and its programs are killed before the listener: the sites of other pools still
// answer.
writeFileSync('/proc/self/oom_score_adj', '500')
const [pool, socket, file] = ['-ap', '-a', '-h'].map((flag) => process.argv[process.argv.indexOf(flag) + 1] ?? '') as [
  string,
  string,
  string,
]
const text = decodeText(readFileSync(file))
const { value: host, errors } = readApplicationHost(text, file)
if (!host) throw new Error(errors.join('\n'))

/** Most characters of a line: it contains what strangers have requested, which must not break lines or fill the disk at once. */
const longestLine = 2_000
const say = (line: string) =>
  console.log(`[${new Date().toISOString()}] w3wp ${process.pid} ${pool}: ${printable(line, longestLine)}`)
const directory = programSockets(socket)
mkdirSync(directory, { mode: 0o700 })
const drivers = driverTable({ pool, directory, say, machineKey: machineKeyIn(text) })
const serve = requestServer(host, drivers, say, pool)
const faulty = sayingFaults(say)
const server = workerServer(serve, faulty)
const wire = wireServer(serve, faulty)

async function stop(): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  await Promise.all([closed, wire.close()])
  await end()
}

async function end(): Promise<never> {
  await drivers.close()
  rmSync(directory, { recursive: true, force: true })
  for (const path of [socket, wireSocket(socket)]) rmSync(path, { force: true })
  process.exit(0)
}

for (const path of [socket, wireSocket(socket)]) rmSync(path, { force: true })
wire.listen(wireSocket(socket), () =>
  server.listen(socket, () => process.send?.({ kind: 'listening' } satisfies FromWorkerProcess)),
)
process.on('message', (message: ToWorkerProcess) => {
  if (message.kind === 'stop') void stop()
})
process.once('disconnect', () => void end())
