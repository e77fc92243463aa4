import { realPath } from '../contract/guest-paths.ts'
import type { GuestFacilities } from './facilities.ts'
import type { WantedRoot } from './role-roots.ts'

/** The system's error codes for a full disk. */
const full = ['ENOSPC', 'EDQUOT']

/** Copies a role root to its drive. Rejects with a sentence for the instance's details; the drive is empty then. */
export async function unpack(wanted: WantedRoot, { settings, log, copyRole }: GuestFacilities): Promise<void> {
  const { root, letter, software } = wanted
  const drive = realPath(settings.root, `${letter}:`) as string
  log.runtime('INFO', `Role root ${root.number} is unpacked to ${letter}:\\ (${drive}).`)
  try {
    await copyRole(software, drive)
  } catch (error) {
    throw new Error(unpackFault(wanted, error as NodeJS.ErrnoException), { cause: error })
  }
}

/** Why a role root cannot be unpacked, from the system's error. */
export function unpackFault(
  { root, letter }: WantedRoot,
  { code = '', message }: { readonly code?: string | undefined; readonly message: string },
): string {
  const found = full.includes(code) ? 'the disk is full. Free some space' : 'its package is damaged on this host'
  return `Role root ${root.number} cannot be unpacked to ${letter}:\\: ${found}; it is tried again (${message}).`
}
