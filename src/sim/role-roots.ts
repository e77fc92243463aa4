import { type RootLetter, rootLetter } from '../guest/contract/guest-paths.ts'

/** A role root by its number and the package that it is made of: the same package under another number is made anew. */
export interface RoleRoot {
  readonly number: number
  readonly sha256: string
}

/** What stands whole on the drives of one guest. It outlives the guest's processes. */
export type Drives = Map<RootLetter, RoleRoot>

/** The role roots of a guest that runs: one is made at a time, and none under the feet of a role. */
export interface RoleRoots {
  stands(root: RoleRoot): boolean
  /** Unpacks that root on its letter, whose former content goes, again and again until it stands; what was being unpacked is given up. */
  make(root: RoleRoot): void
  /** Nothing is wanted any more. */
  rest(): void
  free(letter: RootLetter): void
  /** Why that root cannot be made now. */
  faultOf(root: RoleRoot): string | undefined
}

interface Parts {
  readonly drives: Drives
  unpackMs(): number
  /** Why unpacking fails now. */
  obstacle(root: RoleRoot): string | undefined
  /** Calls later, while the guest lives; the answer cancels. */
  after(delayMs: number, run: () => void): () => void
  /** A root stands, or could not be made. */
  changed(): void
}

/** A failed attempt is made again after that time. */
const againMs = 2_000

export function roleRootsOf({ drives, unpackMs, obstacle, after, changed }: Parts): RoleRoots {
  let making: RoleRoot | undefined
  let fault: { readonly root: RoleRoot; readonly text: string } | undefined
  let cancel = () => {}

  const stands = (root: RoleRoot) => sameRoot(drives.get(rootLetter(root.number)), root)

  function unpack(root: RoleRoot): void {
    drives.delete(rootLetter(root.number))
    cancel = after(unpackMs(), () => {
      const text = obstacle(root)
      if (text === undefined) {
        drives.set(rootLetter(root.number), root)
        making = undefined
        fault = undefined
      } else {
        fault = { root, text }
        cancel = after(againMs, () => unpack(root))
      }
      changed()
    })
  }

  return {
    stands,
    make(root) {
      if (sameRoot(making, root)) return
      cancel()
      making = root
      fault = undefined
      unpack(root)
    },
    rest() {
      cancel()
      making = undefined
      fault = undefined
    },
    free: (letter) => void drives.delete(letter),
    faultOf: (root) => (fault && sameRoot(fault.root, root) ? fault.text : undefined),
  }
}

export function sameRoot(one: RoleRoot | undefined, other: RoleRoot | undefined): boolean {
  return one !== undefined && one.number === other?.number && one.sha256 === other.sha256
}
