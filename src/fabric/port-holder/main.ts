/**
 * The PortHolder process: it runs a program and holds its ports, nothing else. Its only argument is the path of a file with PortHolderOptions.
 * SIGHUP: a newer program takes over. SIGTERM: both end.
 */
import { readFileSync } from 'node:fs'
import { openLog } from '../../machine/log.ts'
import { holdPorts } from '../../machine/ports/hold-ports.ts'
import { nameThisProcess } from '../../machine/process.ts'
import type { PortHolderOptions } from './options.ts'

const { logFile, ...options } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as PortHolderOptions
nameThisProcess('PortHolder')
const holding = holdPorts({ ...options, log: openLog(logFile) })
process.on('SIGHUP', () => holding.renew())
process.once('SIGTERM', async () => {
  await holding.stop()
  process.exit(0)
})
