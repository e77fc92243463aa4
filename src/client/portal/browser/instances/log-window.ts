/** The part of a log that a page holds: whole lines up to its end, as far back as was asked for and the limits permit. */
export interface LogWindow {
  /** Each with its line break; only the last may still be without one. A line that is too long goes on in the next one. */
  readonly lines: readonly string[]
  /** Number of the first line, counted from the one that was first at the beginning: what a scroll position is about stays where it is. */
  readonly first: number
  /** Where the first line begins in the log, in bytes: what stands before it is not held. */
  readonly begin: number
  /** How far the log was read, in bytes. */
  readonly end: number
  /** Of all lines together. */
  readonly characters: number
}

/** Most that a page holds: the browser finds a text in it in less than a tenth of a second. Origin: choice. */
export const windowLimits = { lines: 100_000, characters: 16 * 1024 * 1024 } as const

/** Most characters of a line that are shown in one row: a longer one would hold up every repaint. Origin: choice. */
const rowOfText = /[^\n]{0,9999}\n|[^\n]{1,10000}/gu
const rowCharacters = 10_000

/** The first piece of a log that was read from `offset` on. What it has of a line that begins before it is left out. */
export function windowFrom(text: string, offset: number, end: number): LogWindow {
  const whole = offset === 0 ? text : fromLineStart(text)
  const lines = rowsOf(whole)
  const begin = offset === 0 ? 0 : end - byteLength(whole)
  return withinLimits({ lines, first: 0, begin, end, characters: whole.length })
}

/** With the text that follows. A log that was begun anew, because its file was rotated, has a nearer end: then only that is held. */
export function appended(window: LogWindow, text: string, end: number): LogWindow {
  if (end < window.end) return windowFrom(text, 0, end)
  if (text === '') return window
  const open = window.lines.at(-1)
  const joins = open !== undefined && !open.endsWith('\n') && open.length < rowCharacters
  const added = rowsOf(joins ? open + text : text)
  const lines = [...(joins ? window.lines.slice(0, -1) : window.lines), ...added]
  return withinLimits({ ...window, lines, end, characters: window.characters + text.length })
}

/** With text before it, which was read from `offset` up to its beginning; of many short lines only as many as there is room for. */
export function prepended(window: LogWindow, text: string, offset: number): LogWindow {
  const rows = rowsOf(offset === 0 ? text : fromLineStart(text))
  const room = windowLimits.lines - window.lines.length
  const added = rows.slice(Math.max(0, rows.length - room))
  const held = added.join('')
  return {
    lines: [...added, ...window.lines],
    first: window.first - added.length,
    begin: offset === 0 && added.length === rows.length ? 0 : window.begin - byteLength(held),
    end: window.end,
    characters: window.characters + held.length,
  }
}

/** The first bytes of a text: of the one that begins the log and goes on behind the beginning of a window. */
export function firstBytes(text: string, bytes: number): string {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes))
}

/** A row as it is shown: without its line break. */
export function shownRow(line: string): string {
  return line.replace(/\r?\n$/, '')
}

function isWithin({ lines, characters }: LogWindow): boolean {
  return lines.length <= windowLimits.lines && characters <= windowLimits.characters
}

/** Without the oldest lines that are too many. A tenth more goes, so that a log that is followed is not cut at every piece. */
function withinLimits(window: LogWindow): LogWindow {
  if (isWithin(window)) return window
  let { begin, characters } = window
  let dropped = 0
  const isTooMuch = () =>
    window.lines.length - dropped > windowLimits.lines * 0.9 || characters > windowLimits.characters * 0.9
  for (; isTooMuch(); dropped += 1) {
    const line = window.lines[dropped] ?? ''
    begin += byteLength(line)
    characters -= line.length
  }
  return { ...window, lines: window.lines.slice(dropped), first: window.first + dropped, begin, characters }
}

/** Behind the first line break; all of it when there is none. */
function fromLineStart(text: string): string {
  return text.slice(text.indexOf('\n') + 1)
}

function rowsOf(text: string): readonly string[] {
  return text.match(rowOfText) ?? []
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
