/** A place in a command line, which moves to the right as the line is read. */
export interface Cursor {
  readonly line: string
  at: number
  /** How many parentheses are open there. */
  depth: number
  /** How many groups and conditions the place is in. */
  level: number
}

/** Groups and conditions in one another: a line of a person has two or three. */
const deepest = 50

/** Reads what stands within a group or a condition, as long as they are not too deep. */
export function within<Read>(cursor: Cursor, read: () => Read): Read {
  cursor.level += 1
  if (cursor.level > deepest) throw new Unreadable(`more than ${deepest} groups and conditions stand in one another`)
  const found = read()
  cursor.level -= 1
  return found
}

/** Ends the reading; the sentence is what `readLine` returns. */
export class Unreadable extends Error {}

/** The sign at the cursor; '' behind the last. */
export function sign({ line, at }: Cursor): string {
  return line[at] ?? ''
}

/** The rest, in quotes, for a sentence. */
export function rest({ line, at }: Cursor): string {
  return `"${line.slice(at).trim()}"`
}

/** Moves past all signs of that kind. */
export function skip(cursor: Cursor, what: RegExp): void {
  while (what.test(sign(cursor))) cursor.at += 1
}

/** Moves past the pattern, in any case, and returns the match; undefined, without moving, when it does not match. */
export function take(cursor: Cursor, pattern: RegExp): string | undefined {
  const sticky = new RegExp(pattern.source, 'iy')
  sticky.lastIndex = cursor.at
  const [found] = sticky.exec(cursor.line) ?? []
  cursor.at += found?.length ?? 0
  return found
}

/** Whether a parenthesis closes the group that is being read. */
export function closes(cursor: Cursor): boolean {
  return cursor.depth > 0 && sign(cursor) === ')'
}
