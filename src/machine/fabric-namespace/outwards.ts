import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../kernel/log.ts'
import type { Timers } from '../../kernel/timers.ts'
import { recordedProcess, recordStarted, saveProcessRecord } from '../building/process-record.ts'
import { searchPath } from '../guest/namespace/tool.ts'
import { adoptProcess, exitText, type RunningProcess, signalProcess, startProcess } from '../process.ts'
import { openRestarts } from '../restarts.ts'
import { inhabitant } from './enter.ts'
import { lowestPlace } from './keeper.ts'

const title = 'slirp4netns'

/** Packets of processes inside leave by sockets of this user; they cannot reach the machine's own loopback network. */
const words = ['--configure', '--mtu=65520', '--disable-host-loopback'] as const

/** Lets those inside reach the networks of the machine, even when the program for it ends. */
export async function keepOutwards(
  run: string,
  logs: string,
  timers: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>,
  log: Log,
): Promise<never> {
  const restarts = openRestarts(timers)
  for (;;) {
    const since = performance.now()
    const trouble = await endOf(run, logs).catch((error: Error) => `cannot be started: ${error.message}`)
    const delayMs = restarts.delayMs(since)
    log.warn(`${title} ${trouble}; started again in ${delayMs / 1000} s`)
    await delay(delayMs)
  }
}

async function endOf(run: string, logs: string): Promise<string> {
  const { exited } = running(run) ?? (await start(run, logs))
  return `ended with ${exitText(await exited)}`
}

export function endOutwards(run: string): void {
  const there = running(run)
  if (there) signalProcess(there.identity, 'SIGTERM')
}

function running(run: string): RunningProcess | undefined {
  const known = recordedProcess({ run }, title)
  return known && adoptProcess(known.record.identity)
}

async function start(run: string, logs: string): Promise<RunningProcess> {
  const started = startProcess({
    file: title,
    args: [...words, String(inhabitant(run)?.pid), 'tap0'],
    title,
    cwd: '/',
    env: { PATH: searchPath() },
    output: join(logs, `${title}.out`),
  })
  await recordStarted(started, () =>
    saveProcessRecord({ run }, title, {
      identity: started.identity,
      digest: '',
      title,
      stopSignal: 'SIGTERM',
      place: lowestPlace,
    }),
  )
  return started
}
