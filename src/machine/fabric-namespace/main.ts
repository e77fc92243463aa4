/**
 * The NamespaceGate process of an ordinary user's fabric: it makes the namespaces in which the fabric's guests, Host Agents and load
 * balancer live, and is the way between them and the machine. Its only argument is the path of a file with NamespaceGateOptions; started
 * with a channel, inside, a list of addresses to bind. SIGTERM: it ends alone, and the next goes on. SIGINT: the namespaces end too.
 */
import { readFileSync } from 'node:fs'
import { openLog } from '../log.ts'
import { nameThisProcess } from '../process.ts'
import { writeReadyFile } from '../ready-file.ts'
import { openInwards, sendBound } from './inwards.ts'
import { closeNamespaces, openNamespaces } from './keeper.ts'
import type { Inward, NamespaceGateOptions } from './options.ts'
import { endOutwards, keepOutwards } from './outwards.ts'

const [, program = '', argument = ''] = process.argv
nameThisProcess('NamespaceGate')
if (process.send) sendBound(JSON.parse(argument) as readonly Inward[])
else await open(JSON.parse(readFileSync(argument, 'utf8')) as NamespaceGateOptions)

async function open({ run, logs, inwards, outwards, timers, readyFile, logFile }: NamespaceGateOptions): Promise<void> {
  const log = openLog(logFile)
  process.once('SIGTERM', () => process.exit(0))
  process.once('SIGINT', () => {
    endOutwards(run)
    closeNamespaces(run)
    process.exit(0)
  })
  const made = await openNamespaces(run, logs)
  try {
    await openInwards(run, program, inwards, log)
  } catch (error) {
    if (made) closeNamespaces(run)
    throw error
  }
  if (outwards) void keepOutwards(run, logs, timers, log)
  writeReadyFile(readyFile)
}
