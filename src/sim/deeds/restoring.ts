import type { Deed } from './deed.ts'

/** Backups and restores of the store: only the controller forgets what was done in between. */
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
