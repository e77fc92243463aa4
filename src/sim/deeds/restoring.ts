import type { Deed } from './deed.ts'

/** Backups, and their return in place of the store: what was done between is forgotten by the controller alone. */
export const restoringDeeds: readonly Deed[] = [
  {
    weight: 4,
    run(world) {
      world.backUpStore()
      return 'the store is backed up'
    },
  },
  { weight: 3, run: (world) => (world.restoreStore() ? 'the backup is brought back' : undefined) },
]
