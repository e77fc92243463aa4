import type { PoolQuestion } from '../action.ts'

/** Lets a process go that gets no new request any more. */
export const retire: PoolQuestion = ({ settings: { name }, processes }) => ({
  actions: processes
    .filter(({ state, isTold }) => state === 'retiring' && !isTold)
    .map(({ number }) => ({
      kind: 'retire',
      key: `retire ${number}`,
      reason: 'New requests do not go there any more.',
      pool: name,
      process: number,
    })),
})
