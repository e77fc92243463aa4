import type { BufferQuestion } from '../action.ts'
import { isCollected } from '../plan.ts'

/** What is new since the last look: lines written by others, counters that are due, files of directories. */
export const collect: BufferQuestion = (state, buffer, now) => {
  const { collectAt } = state.buffers[buffer]
  const { samples } = state.configuration.counters
  if (!isCollected(state, buffer)) return { actions: [] }
  if (now < collectAt) return { actions: [], wakeAt: collectAt }
  const counters =
    buffer === 'PerformanceCounters'
      ? samples.map(({ specifier }) => specifier).filter((specifier) => now >= (state.samplesAt[specifier] ?? now))
      : []
  return { actions: [{ kind: 'collect', key: `collect ${buffer}`, reason: 'It is time to look.', buffer, counters }] }
}
