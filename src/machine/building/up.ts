import { type Building, managementUrl, openBuilding } from './building.ts'
import { readUpCommand } from './command-line.ts'
import { placesOf } from './data-directory.ts'
import { bringDown, killAll } from './down.ts'
import { greetingObject, greetingText } from './greeting.ts'
import type { Member } from './member.ts'
import { runMembers } from './members.ts'
import { sentenceOf } from './sentence.ts'

/** Carries out `reddog up` or `reddog down` with the words after `reddog`; the answer is the exit code. */
export async function runBuilding(
  words: readonly string[],
  membersOf: (building: Building) => readonly Member[],
): Promise<number> {
  try {
    const command = readUpCommand(words)
    if (command.verb === 'down') await bringDown(placesOf(command.data), (line) => process.stdout.write(`${line}\n`))
    else await up(await openBuilding(command), membersOf)
    return 0
  } catch (error) {
    process.stderr.write(`reddog: ${sentenceOf(error)}\n`)
    return 1
  }
}

/** Runs the members in the foreground until SIGINT or SIGTERM; a second signal kills what is left. */
async function up(building: Building, membersOf: (building: Building) => readonly Member[]): Promise<void> {
  const { command, places } = building
  // With --json standard output is the machine's: one line, and everything else goes to standard error.
  const say = (line: string) => (command.json ? process.stderr : process.stdout).write(`${line}\n`)
  const asked = askedToStop(() => {
    say('killing everything')
    killAll(places)
    process.exit(1)
  })
  const members = await runMembers(membersOf(building), { places, timers: command.timers, signal: asked, say })
  const greeting = { ...building, managementUrl: managementUrl(building.port) }
  process.stdout.write(command.json ? `${JSON.stringify(greetingObject(greeting))}\n` : greetingText(greeting))
  await new Promise((resolve) => (asked.aborted ? resolve(undefined) : asked.addEventListener('abort', resolve)))
  say('Stopping: roles first, then the platform. Ctrl-C again kills.')
  await members.stop()
  say('Reddog is down.')
}

/** npm passes on what the terminal has sent to everyone already: signals this close together are one. */
const sameSignalMs = 500

/** Aborts at the first signal; calls `again` at the second. */
function askedToStop(again: () => void): AbortSignal {
  const asked = new AbortController()
  let last = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      const together = Date.now() - last < sameSignalMs
      last = Date.now()
      if (!asked.signal.aborted) asked.abort(new Error('Stopped before it was up.'))
      else if (!together) again()
    })
  return asked.signal
}
