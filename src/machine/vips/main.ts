/**
 * The VipHolder process: keepalived, and what it needs on this machine. Its only argument is the path of a file with VipHolderOptions. SIGTERM: another
 * machine gets the VIPs until the next run. SIGINT: and nothing of them remains here.
 */
import { readFileSync, rmSync } from 'node:fs'
import { openLog } from '../log.ts'
import { nameThisProcess } from '../process.ts'
import { writeReadyFile } from '../ready-file.ts'
import { holdVips } from './hold-vips.ts'
import type { VipHolderOptions } from './options.ts'

const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as VipHolderOptions
nameThisProcess('VipHolder')
const log = openLog(options.logFile)
const vips = await holdVips(options, log).catch((error: Error) => {
  log.error(error.message)
  process.stderr.write(`The VIPs cannot be held: ${error.message}\n`)
  process.exit(1)
})
writeReadyFile(options.readyFile)
log.info('the VIPs stand on lo')

process.once('SIGTERM', () => void end(vips.stepAside))
process.once('SIGINT', () => void end(vips.release))

async function end(how: () => Promise<void>): Promise<void> {
  rmSync(options.readyFile, { force: true })
  await how().catch((error: Error) => log.error(error.message))
  process.exit(0)
}
