import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { openToAccounts, withAccount } from './account-files.ts'
import { aborted, askedToStop } from './asked-to-stop.ts'
import { type Building, claimDirectory, managementUrl, openBuilding, portalUrls } from './building.ts'
import { readUpCommand, type UpCommand } from './command-line.ts'
import { placesOf, readRecord } from './data-directory.ts'
import { bringDown } from './down.ts'
import { greetingObject, greetingText } from './greeting.ts'
import { joinFabric } from './join/join-fabric.ts'
import { clearAndSay, killAll } from './kill.ts'
import type { Member } from './member.ts'
import { runMembers } from './members.ts'
import { becomeHost } from './others/become-host.ts'
import { type FollowedMachines, followMachines } from './others/follow-machines.ts'
import { leaveWords } from './others/leave-words.ts'
import { registerPortal } from './register-portal.ts'
import { sentenceOf } from './sentence.ts'
import { hasManagementPair, managementPair } from './trust.ts'
import { openVoice, type Voice } from './voice.ts'
import { watchDisk } from './watch-disk.ts'
import { WrongUse } from './wrong-use.ts'

/** 0 the request is carried out, 1 it is not, 2 it was written wrongly (design.md 5). */
const exitCodes = { done: 0, notDone: 1, wrongUse: 2 } as const

/** What `main.ts` brings. */
export interface BuildingParts {
  readonly membersOf: (building: Building) => readonly Member[]
  /** A link that signs in once to the portal of an origin, within minutes of now. */
  readonly oneTimeLink: (origin: string, pair: KeyAndCertificate, now: number) => string
}

/** Carries out `reddog up` or `reddog down` with the words after `reddog`; returns the exit code. */
export async function runBuilding(words: readonly string[], parts: BuildingParts): Promise<number> {
  const voice = openVoice(words.includes('--json'))
  try {
    return await carryOut(readUpCommand(words), parts, voice)
  } catch (error) {
    voice.complain(`reddog: ${sentenceOf(error)}`)
    return error instanceof WrongUse ? exitCodes.wrongUse : exitCodes.notDone
  }
}

async function carryOut(command: UpCommand, parts: BuildingParts, voice: Voice): Promise<number> {
  if (command.verb === 'down') {
    await bringDown(placesOf(command.data), voice.say)
    return exitCodes.done
  }
  // What is no secret must be there for other accounts; secrets are written with a mode of their own.
  if (command.accounts) process.umask(0o022)
  const places = await claimDirectory(command)
  if (command.join) await joinFabric(command, places, command.join, voice.say)
  return up(await openBuilding(command, places), parts, voice)
}

/** Runs the members in the foreground until it is asked to stop; then roles end gracefully, unless somebody insists. */
async function up(building: Building, parts: BuildingParts, voice: Voice): Promise<number> {
  const { asked, insisted } = askedToStop()
  const say = (line: string) => insisted.aborted || voice.say(line)
  const { machine, places } = building
  const others = machine && followMachines(places, machine, say)
  const orderly = live(
    building,
    parts,
    { ...voice, say },
    AbortSignal.any([asked, ...(others ? [others.removed] : [])]),
    others,
  )
  void orderly.catch(() => {}).then(others?.end)
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

async function live(
  building: Building,
  parts: BuildingParts,
  voice: Voice,
  asked: AbortSignal,
  others: FollowedMachines | undefined,
): Promise<void> {
  const { command, places, port, portalPort } = building
  const { say } = voice
  const wanted = parts.membersOf(building).map((member) => withAccount(member, building))
  openToAccounts(building, wanted)
  const members = await runMembers(wanted, { places, timers: command.timers, signal: asked, say })
  const { machine } = building
  if (machine && others)
    void aborted(others.demoted)
      .then(() => becomeHost(building, machine, members, parts.membersOf))
      .catch((error: unknown) => say(`${machine.name} is not made a host alone: ${sentenceOf(error)}`))
  // Who was a candidate may have the pair, and serves nobody who signs in.
  const signsIn = wanted.some(({ name }) => name === 'Portal') && hasManagementPair(places)
  if (signsIn) await registerPortal(building, say)
  const urls = portalUrls(portalPort, command.portalAddress)
  const greeting = { ...building, managementUrl: managementUrl(port), portalUrls: urls }
  const link = () =>
    signsIn ? parts.oneTimeLink(new URL(urls[0] as string).origin, managementPair(places), Date.now()) : undefined
  voice.answer(command.json ? `${JSON.stringify(greetingObject(greeting))}\n` : greetingText(greeting, link()))
  const endWatch = watchDisk(places.data, say)
  await aborted(asked)
  endWatch()
  const now = readRecord(places)?.machine
  const loss = now && leaveWords(places, now)
  if (loss !== undefined) say(loss)
  say('Stopping: roles first, then the platform. Ctrl-C again kills.')
  await members.stop()
  // A Host Agent or VipHolder that had ended by itself, or could not go on, has stopped nothing of its own.
  await clearAndSay(places, say)
  say('Reddog is down.')
}
