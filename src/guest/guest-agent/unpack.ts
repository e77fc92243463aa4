import { realPath } from '../contract/guest-paths.ts'
import type { GuestFacilities } from './facilities.ts'
import type { WantedRoot } from './role-roots.ts'

/** Codes of the system's errors that tell of a full disk. */
const full = ['ENOSPC', 'EDQUOT']

/** Copies a role root to its drive. Rejects with a sentence for the instance's details; the drive is empty then. */
export async function unpack(
  { root, letter, software }: WantedRoot,
  { settings, log, copyRole }: GuestFacilities,
): Promise<void> {
  const drive = realPath(settings.root, `${letter}:`) as string
  log.runtime('INFO', `Role root ${root.number} is unpacked to ${letter}:\\ (${drive}).`)
  try {
    await copyRole(software, drive)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const found = full.includes(code) ? 'the disk is full. Free some space' : 'its package is damaged on this host'
    throw new Error(
      `Role root ${root.number} cannot be unpacked to ${letter}:\\: ${found}; it is tried again (${message}).`,
      { cause: error },
    )
  }
}
