import type { Instant } from '../../../kernel/instant.ts'
import { logLevels } from '../../../service-model/diagnostics/configuration.ts'
import type { Row } from './row.ts'

/** Most characters of a column of a table; a longer text becomes several rows. */
const longestMessage = 32_000

const levels = { critical: 1, error: 2, warning: 3, information: 4, verbose: 5 } as const

/** Levels of systemd's journal, `<0>` to `<7>` in front of a line, as those of the original. */
const journalLevels = [1, 1, 1, levels.error, levels.warning, levels.information, levels.information, levels.verbose]

/** A line of the role's output: Information, unless it begins with a level of its own such as `<3>`. */
export function logRows(line: string, at: Instant): readonly Row[] {
  const [, digit, rest = line] = /^<([0-7])>(.*)$/s.exec(line) ?? []
  const level = digit === undefined ? levels.information : (journalLevels[Number(digit)] as number)
  return partsOf(rest).map((Message) => ({ at, level, columns: { Level: level, EventId: 0, Pid: 0, Tid: 0, Message } }))
}

/** A line of this agent's own log: `[time] [Level] text`. */
export function infrastructureRows(line: string, now: Instant): readonly Row[] {
  const [, time = '', word = '', text = line] = /^\[([^\]]*)\] \[(\w+)\] (.*)$/s.exec(line) ?? []
  const found = logLevels.findIndex((name) => name === word)
  const level = found < 0 ? levels.information : found
  const fixed = { Function: '', Line: 0, MDRESULT: 0, ErrorCode: 0, ErrorCodeMsg: '' }
  return partsOf(text).map((Message) => ({
    at: momentOf(time, now),
    level,
    columns: { Level: level, Pid: 0, Tid: 0, ...fixed, Message },
  }))
}

/** Events of the channel `Windows Azure` that report a failure (G-19). */
const failures = new Set([10005, 10006, 20002])

/** A line of a channel of the event log: `[time] [id] [instance] text` (G-10). */
export function eventRows(line: string, Channel: string, now: Instant): readonly Row[] {
  const [, time = '', id = '0', text = line] = /^\[([^\]]*)\] \[(\d{1,9})\] \[[^\]]*\] (.*)$/s.exec(line) ?? []
  const EventId = Number(id)
  const level = failures.has(EventId) ? levels.error : levels.information
  const of = { ProviderGuid: '', ProviderName: Channel, EventId, Level: level, Pid: 0, Tid: 0, Channel, RawXml: '' }
  return partsOf(text).map((Description) => ({ at: momentOf(time, now), level, columns: { ...of, Description } }))
}

function momentOf(time: string, now: Instant): Instant {
  const moment = Date.parse(time)
  return Number.isNaN(moment) ? now : moment
}

function partsOf(text: string): readonly string[] {
  if (text.length <= longestMessage) return [text]
  return Array.from({ length: Math.ceil(text.length / longestMessage) }, (_, index) =>
    text.slice(index * longestMessage, (index + 1) * longestMessage),
  )
}
