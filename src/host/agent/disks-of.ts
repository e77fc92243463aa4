import type { GuestDisk } from '../../guest/contract/guest-disk.ts'
import { localStorageOf } from '../../guest/contract/local-storage.ts'
import type { Served } from './state.ts'

/** The local storage of a guest that nobody reads from outside, including TEMP (H-26). */
export function disksOf({ guest }: Pick<Served, 'guest'>): readonly GuestDisk[] {
  return localStorageOf(guest)
    .filter(({ isGuestsAlone }) => isGuestsAlone)
    .map(({ path, sizeInMB, isKept }) => ({ path: belowDrive(path), sizeMB: sizeInMB, isKept }))
}

/** `C:\Resources\temp` → `Resources/temp`. */
function belowDrive(path: string): string {
  return path.split('\\').slice(1).join('/')
}
