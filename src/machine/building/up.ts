import { aborted, askedToStop } from './asked-to-stop.ts'
import { type Building, managementUrl, openBuilding } from './building.ts'
import { readUpCommand, type UpCommand, WrongUse } from './command-line.ts'
import { placesOf } from './data-directory.ts'
import { bringDown } from './down.ts'
import { greetingObject, greetingText } from './greeting.ts'
import { killAll } from './kill.ts'
import type { Member } from './member.ts'
import { runMembers } from './members.ts'
import { sentenceOf } from './sentence.ts'
import { openVoice, type Voice } from './voice.ts'
import { watchDisk } from './watch-disk.ts'

/** 0 the request is carried out, 1 it is not, 2 it was written wrongly (design.md 5). */
const exitCodes = { done: 0, notDone: 1, wrongUse: 2 } as const

type MembersOf = (building: Building) => readonly Member[]

/** Carries out `reddog up` or `reddog down` with the words after `reddog`; returns the exit code. */
export async function runBuilding(words: readonly string[], membersOf: MembersOf): Promise<number> {
  const voice = openVoice(words.includes('--json'))
  try {
    return await carryOut(readUpCommand(words), membersOf, voice)
  } catch (error) {
    voice.complain(`reddog: ${sentenceOf(error)}`)
    return error instanceof WrongUse ? exitCodes.wrongUse : exitCodes.notDone
  }
}

async function carryOut(command: UpCommand, membersOf: MembersOf, voice: Voice): Promise<number> {
  if (command.verb === 'up') return up(await openBuilding(command), membersOf, voice)
  await bringDown(placesOf(command.data), voice.say)
  return exitCodes.done
}

/** Runs the members in the foreground until it is asked to stop; then roles end gracefully, unless somebody insists. */
async function up(building: Building, membersOf: MembersOf, voice: Voice): Promise<number> {
  const { asked, insisted } = askedToStop()
  const say = (line: string) => insisted.aborted || voice.say(line)
  const orderly = live(building, membersOf, { ...voice, say }, asked)
  await Promise.race([orderly, aborted(insisted)])
  if (!insisted.aborted) {
    await orderly
    return exitCodes.done
  }
  // Its result does not matter any more.
  orderly.catch(() => {})
  voice.say('Killing everything.')
  await killAll(building.places)
  voice.say('Everything was killed. Nothing runs on this data directory any more.')
  return exitCodes.notDone
}

async function live(building: Building, membersOf: MembersOf, voice: Voice, asked: AbortSignal): Promise<void> {
  const { command, places, port } = building
  const { say } = voice
  const members = await runMembers(membersOf(building), { places, timers: command.timers, signal: asked, say })
  const greeting = { ...building, managementUrl: managementUrl(port) }
  voice.answer(command.json ? `${JSON.stringify(greetingObject(greeting))}\n` : greetingText(greeting))
  const endWatch = watchDisk(places.data, say)
  await aborted(asked)
  endWatch()
  say('Stopping: roles first, then the platform. Ctrl-C again kills.')
  await members.stop()
  say('Reddog is down.')
}
