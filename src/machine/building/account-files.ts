import { chmodSync, chownSync, closeSync, existsSync, fchmodSync, globSync, lstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { accountOf, directoriesOf, idOf, isAccountId } from './accounts.ts'
import { machinesFile } from './blob-gate.ts'
import type { Building } from './building.ts'
import type { Places } from './data-directory.ts'
import { giveDirectory, takeBack } from './directory-owner.ts'
import { type Member, optionsFile, outputFile, ownPlace } from './member.ts'
import { readersOf } from './secret-readers.ts'

/** The member with the account that it is to have, as the program that it runs. */
export function withAccount(member: Member, { places, record }: Pick<Building, 'places' | 'record'>): Member {
  if (!places.accounts) return member
  const { runs, name } = member
  return {
    ...member,
    ...(runs && { runs: { ...runs, account: accountOf(record.network, runs.name) } }),
    account: accountOf(record.network, name),
  }
}

/**
 * Lets the accounts of the parts pass run/, logs/ and trust/, and read there what is theirs; all else is root's. Without accounts it closes what they were
 * let into before.
 */
export function openToAccounts(building: Building, members: readonly Member[]): void {
  const { places, record } = building
  const shared = [places.run, places.logs, places.trust]
  if (!places.accounts) {
    if (process.getuid?.() !== 0) return
    for (const directory of shared.filter((one) => isAccountId(lstatSync(one).gid))) {
      chownSync(directory, 0, 0)
      chmodSync(directory, 0o700)
    }
    return
  }
  // Who may open it can lock it.
  chmodSync(join(places.run, 'up.lock'), 0o600)
  for (const { name, runs } of members) for (const one of [name, ...(runs ? [runs.name] : [])]) closeOutput(places, one)
  for (const file of publicFiles(places)) if (existsSync(file)) chmodSync(file, 0o644)
  for (const [file, reader] of readersOf(building)) if (existsSync(file)) giveToRead(file, idOf(record.network, reader))
  for (const directory of shared) {
    chownSync(directory, 0, idOf(record.network, 'parts'))
    chmodSync(directory, 0o710)
  }
}

/** What all parts may read, however narrow the umask was of who wrote it. */
function publicFiles(places: Places): readonly string[] {
  const certificates = globSync('*.pem', { cwd: places.trust }).map((name) => join(places.trust, name))
  return [...certificates, places.authority, places.controllers, machinesFile(places)]
}

/** The output of a process, which is opened for it. */
function closeOutput(places: Places, name: string): void {
  const file = openSync(outputFile(places, name), 'a', 0o600)
  fchmodSync(file, 0o600)
  closeSync(file)
}

function giveToRead(file: string, group: number): void {
  chownSync(file, 0, group)
  chmodSync(file, 0o640)
}

/** Gives the member what it reads and writes when it starts; what former runs under another account have left changes its owner. Nothing of it may run. */
export function settleOwner({ name, account, options }: Member, places: Places): void {
  const own = directoriesOf(places.data, name)
  if (!account) return own.forEach(takeBack)
  for (const directory of [ownPlace(places, 'run', name), ownPlace(places, 'logs', name), ...own])
    giveDirectory(directory, account.id)
  if (options) giveToRead(optionsFile(places, name), account.id)
}
