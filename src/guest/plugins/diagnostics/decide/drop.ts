import type { Decision } from '../../../../kernel/agent.ts'
import type { BufferQuestion, DiagnosticsAction } from '../action.ts'
import { overallQuota, quotaOf } from '../plan.ts'
import { type BufferName, type BufferState, bufferNames, type DiagnosticsState, type Segment } from '../state.ts'

/** Segments that are transferred, and the oldest of a buffer that has more than its quota (P-14). The segment being written stays. */
export const dropSent: BufferQuestion = (state, buffer) => {
  const { segments, sent } = state.buffers[buffer]
  const complete = segments.slice(0, -1)
  const transferred = complete.filter(({ first, rows }) => first + rows <= sent)
  const beyond = oldest(complete, bytesOf(segments) - quotaOf(state, buffer))
  const gone = transferred.length > beyond.length ? transferred : beyond
  return dropping(buffer, state.buffers[buffer], gone)
}

/** The oldest segments of any buffer, while all together exceed the overall quota. */
export function dropOldest(state: DiagnosticsState): Decision<DiagnosticsAction> {
  const all = bufferNames.flatMap((buffer) =>
    state.buffers[buffer].segments.slice(0, -1).map((segment) => ({ ...segment, buffer })),
  )
  const total = bufferNames.reduce((bytes, buffer) => bytes + bytesOf(state.buffers[buffer].segments), 0)
  const gone = oldest(
    all.toSorted((one, other) => one.at - other.at),
    total - overallQuota(state),
  )
  return {
    actions: bufferNames.flatMap(
      (buffer) =>
        dropping(
          buffer,
          state.buffers[buffer],
          gone.filter((segment) => segment.buffer === buffer),
        ).actions,
    ),
  }
}

/** As many of the first as make up for the excess. */
function oldest<One extends Segment>(segments: readonly One[], excess: number): readonly One[] {
  let left = excess
  return segments.filter(({ bytes }) => {
    const isBeyond = left > 0
    left -= bytes
    return isBeyond
  })
}

function dropping(
  buffer: BufferName,
  { sent }: BufferState,
  segments: readonly Segment[],
): Decision<DiagnosticsAction> {
  if (segments.length === 0) return { actions: [] }
  const lost = segments.reduce(
    (rows, segment) => rows + Math.max(0, segment.first + segment.rows - Math.max(sent, segment.first)),
    0,
  )
  const reason =
    lost > 0
      ? `The buffer ${buffer} is beyond its quota: its ${lost} oldest rows are dropped.`
      : 'They are transferred.'
  const firsts = segments.map(({ first }) => first)
  return { actions: [{ kind: 'drop', key: `drop ${buffer}`, reason, buffer, segments: firsts, lost }] }
}

function bytesOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}
