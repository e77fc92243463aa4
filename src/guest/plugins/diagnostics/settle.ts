import type { Step } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { DiagnosticsAction, DiagnosticsSubject } from './action.ts'
import { periodOf } from './plan.ts'
import {
  type BufferName,
  type BufferState,
  type DiagnosticsState,
  type Failure,
  nextRow,
  type Segment,
} from './state.ts'

export type DiagnosticsOutcome =
  | { readonly kind: 'done' }
  /** `more`: there is more to be collected at once. */
  | { readonly kind: 'collected'; readonly segments: readonly Segment[]; readonly more: boolean }
  /** All rows before this number are transferred, or below the level that is. */
  | { readonly kind: 'sent'; readonly sent: number }
  | { readonly kind: 'dropped'; readonly segments: readonly Segment[] }
  | { readonly kind: 'failed'; readonly message: string }

/** How often lines are looked for that others have written. Origin: choice, a moment that nobody waits for. */
const lookEveryMs = 500

/** How long to wait before a failed action is tried again. Origin: choice. */
const retryMs = 30_000

export function settle(
  state: DiagnosticsState,
  action: DiagnosticsAction,
  outcome: DiagnosticsOutcome,
  now: Instant,
): Step<DiagnosticsState, DiagnosticsSubject> {
  switch (action.kind) {
    case 'collect':
      return collected(state, action, outcome, now)
    case 'transfer':
      return withBuffer(state, action.buffer, transferred(state.buffers[action.buffer], action, outcome, now))
    case 'drop':
      return outcome.kind === 'dropped'
        ? withBuffer(state, action.buffer, without(state.buffers[action.buffer], outcome.segments))
        : withBuffer(state, action.buffer, failed(state.buffers[action.buffer], 'collect', outcome, now))
    case 'poll': {
      const after = Math.max(state.configuration.pollIntervalMs, state.leastPeriodMs)
      return { state: { ...state, pollAt: now + (outcome.kind === 'failed' ? retryMs : after) }, touched: ['monitor'] }
    }
    case 'end':
      return { state, touched: [] }
    case 'tell':
      return { state: { ...state, told: action.trouble }, touched: ['monitor'] }
  }
}

function withBuffer(
  state: DiagnosticsState,
  name: BufferName,
  buffer: BufferState,
): Step<DiagnosticsState, DiagnosticsSubject> {
  return { state: { ...state, buffers: { ...state.buffers, [name]: buffer } }, touched: [name, 'monitor'] }
}

function collected(
  state: DiagnosticsState,
  { buffer: name, counters }: DiagnosticsAction & { kind: 'collect' },
  outcome: DiagnosticsOutcome,
  now: Instant,
): Step<DiagnosticsState, DiagnosticsSubject> {
  const { looksAgain, ...buffer } = state.buffers[name]
  if (outcome.kind !== 'collected') {
    const unable = failed(buffer, 'collect', outcome, now)
    return withBuffer(state, name, { ...unable, collectAt: unable.failure?.retryAt ?? now })
  }
  const samplesAt = { ...state.samplesAt, ...samplesAfter(state, counters, now) }
  const after: BufferState = {
    ...buffer,
    segments: outcome.segments,
    collectAt: outcome.more || looksAgain ? now : nextLook({ ...state, samplesAt }, name, now),
    failure: cleared(buffer, 'collect'),
  }
  return withBuffer({ ...state, samplesAt }, name, after)
}

/** Counters stay in their rhythm; missed moments are not made up for. */
function samplesAfter(
  { configuration, samplesAt }: DiagnosticsState,
  counters: readonly string[],
  now: Instant,
): Readonly<Record<string, Instant>> {
  const taken = configuration.counters.samples.filter(({ specifier }) => counters.includes(specifier))
  return Object.fromEntries(
    taken.map(({ specifier, everyMs }) => {
      const due = (samplesAt[specifier] ?? now) + everyMs
      return [specifier, due > now ? due : now + everyMs]
    }),
  )
}

function nextLook(state: DiagnosticsState, name: BufferName, now: Instant): Instant {
  const { samples } = state.configuration.counters
  if (name === 'PerformanceCounters')
    return Math.min(...samples.map(({ specifier, everyMs }) => state.samplesAt[specifier] ?? now + everyMs))
  if (name === 'Directories') return now + (periodOf(state, name) ?? state.leastPeriodMs)
  return now + lookEveryMs
}

function transferred(
  buffer: BufferState,
  { until }: DiagnosticsAction & { kind: 'transfer' },
  outcome: DiagnosticsOutcome,
  now: Instant,
): BufferState {
  // A transfer that was begun continues with newer rows, so that a store that comes back is not filled one period at a time.
  if (outcome.kind !== 'sent') return { ...failed(buffer, 'transfer', outcome, now), until: undefined }
  const transferredAt = buffer.until === undefined ? now : buffer.transferredAt
  const sent = Math.max(buffer.sent, outcome.sent)
  return {
    ...buffer,
    sent,
    transferredAt,
    until: sent < until ? until : undefined,
    failure: cleared(buffer, 'transfer'),
  }
}

/** Rows dropped before their transfer are never transferred. */
function without(buffer: BufferState, segments: readonly Segment[]): BufferState {
  const sent = Math.max(buffer.sent, segments[0]?.first ?? nextRow(buffer))
  return { ...buffer, segments, sent }
}

function failed(buffer: BufferState, of: Failure['of'], outcome: DiagnosticsOutcome, now: Instant): BufferState {
  const message = outcome.kind === 'failed' ? outcome.message : ''
  return { ...buffer, failure: { of, message, retryAt: now + retryMs } }
}

function cleared({ failure }: BufferState, of: Failure['of']): Failure | undefined {
  return failure?.of === of ? undefined : failure
}
