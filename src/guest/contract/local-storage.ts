import { diagnosticStore } from '../../service-model/diagnostic-store.ts'
import { localResourceDirectory, roleTempDirectory } from './guest-paths.ts'
import type { GuestSpecification } from './guest-specification.ts'

/** A directory of a role with a size (H-26). */
export interface LocalStorage {
  readonly name: string
  /** Logical path. */
  readonly path: string
  readonly sizeInMB: number
  /** False: emptied at each start of the role. */
  readonly isKept: boolean
  /** False: the host reads it too, so that it is never a file system of the guest's alone. */
  readonly isGuestsAlone: boolean
}

/** MB of TEMP (S-31, H-26). */
const roleTempMB = 100

/** TEMP, and the local storage of a role. */
export function localStorageOf(
  guest: Pick<GuestSpecification, 'deploymentId' | 'role' | 'localResources'>,
): readonly LocalStorage[] {
  const temporary = { name: 'TEMP', path: roleTempDirectory(guest), sizeInMB: roleTempMB }
  return [
    { ...temporary, isKept: false, isGuestsAlone: true },
    ...guest.localResources.map(({ name, sizeInMB, cleanOnRoleRecycle }) => ({
      name,
      path: localResourceDirectory(guest, name),
      sizeInMB,
      isKept: !cleanOnRoleRecycle,
      isGuestsAlone: name !== diagnosticStore.name,
    })),
  ]
}
