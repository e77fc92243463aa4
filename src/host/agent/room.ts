import { realPath } from '../../guest/contract/guest-paths.ts'
import { localStorageOf } from '../../guest/contract/local-storage.ts'
import { guestDirectory, softwareDirectory } from './paths.ts'
import type { HostState, Overfull } from './state.ts'

/** The logs of section 8, which start again at 10 MB and keep one former file (G-14). */
const logsMB = 200

/** The running guests, and which part of their drives' content is their own (H-26). */
export function roomersOf({ configuration, containers }: HostState) {
  return [...containers.values()].flatMap(({ record: { served, process, containerId } }) => {
    if (!served || !process) return []
    const { guest, directory } = served
    const root = guestDirectory(configuration, containerId)
    const storage = localStorageOf(guest).map(({ path, sizeInMB }) => ({
      path: realPath(root, path) as string,
      sizeMB: sizeInMB,
    }))
    return [{ containerId, root, software: softwareDirectory(configuration, directory, guest.role), storage, logsMB }]
  })
}

export function overfullText({ heldMB, ownMB }: Overfull): string {
  return `the disk of the host is nearly full, and the drives of this instance hold ${heldMB} MB, of which ${ownMB} MB are its own: local storage up to its size, TEMP, logs and role roots`
}
