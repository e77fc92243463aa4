/**
 * The BlobGate process: on every machine of a fabric of several it is the address of the Blob service, and leads there. Its only argument is the path
 * of a file with BlobGateOptions. SIGTERM: it ends, and with it the connections through it.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { MachinesView } from '../../fabric/contract/machines.ts'
import { readTls } from '../http/tls.ts'
import { openLog } from '../log.ts'
import { nameThisProcess } from '../process.ts'
import { writeReadyFile } from '../ready-file.ts'
import { type Door, innerDoor } from './inner-door.ts'
import type { BlobGateOptions, Place } from './options.ts'
import { outerDoor } from './outer-door.ts'
import { watchedFile } from './watched-file.ts'

nameThisProcess('BlobGate')
const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BlobGateOptions
const { machine, inner, outerPort, candidate } = options
const log = openLog(options.logFile)
const machines = watchedFile(options.machinesFile, (text) => JSON.parse(text) as MachinesView)
const tls = watchedFile(options.tls.cert, () => readTls(options.tls))
const material = tls.value() ?? readTls(options.tls)

async function open({ server, changed }: Door, { address, port }: Place): Promise<number> {
  machines.onChange(changed)
  server.listen(port, address)
  await once(server, 'listening')
  server.on('error', (error) => log.warn(`${address}:${port}: ${error.message}`))
  return (server.address() as AddressInfo).port
}

async function openOuter({ outer, service }: NonNullable<BlobGateOptions['candidate']>): Promise<number> {
  const door = outerDoor({ machine, service, view: machines.value, tls: material, log })
  tls.onChange(door.renew)
  return open(door, outer)
}

machines.onChange(({ master }) => log.info(`the machines of the fabric are told anew; ${master} is master`))
const service = candidate?.service
const ports = {
  inner: await open(
    innerDoor({ machine, service, outerPort, view: machines.value, tls: () => tls.value() ?? material }),
    inner,
  ),
  outer: candidate && (await openOuter(candidate)),
}
process.once('SIGTERM', () => process.exit(0))
writeReadyFile(options.readyFile, ports)
