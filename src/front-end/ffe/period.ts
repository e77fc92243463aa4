import { parseTime } from '../../kernel/document/scalars.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import { refusals } from '../contract/errors.ts'
import type { Call } from './call.ts'

/** The period that a call asks about: both ends are required (D-21, S-2). */
export function periodOf(call: Call): Result<{ readonly from: Instant; readonly until: Instant }> {
  const from = parseTime(call.query.get('starttime') ?? '')
  const until = parseTime(call.query.get('endtime') ?? '')
  return from === undefined || until === undefined || from > until
    ? refusals.bad('StartTime and EndTime are both required, as times like 2026-01-01T00:00:00Z, StartTime first.')
    : fine({ from, until })
}
