import type { Stage } from './stages.ts'

/** How a stage is marked, beside its word. */
export type StageMark = 'old' | 'next' | 'leaving' | 'stopping' | 'starting' | 'settling' | 'done' | 'bad'

export const stageMarks: Readonly<Record<Stage, StageMark>> = {
  aside: 'old',
  waits: 'old',
  next: 'next',
  leaves: 'leaving',
  stops: 'stopping',
  starts: 'starting',
  busy: 'starting',
  settles: 'settling',
  done: 'done',
  atRest: 'done',
  unknown: 'next',
  fails: 'bad',
}
