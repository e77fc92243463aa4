/** A start tag that was open. */
interface StartTag {
  readonly local: string
  readonly line: number
}

/** Describes an end tag that does not fit the innermost open start tag: both tags with their lines, and the one that is meant when they are alike. */
export function mismatchedTag(opened: StartTag, outer: readonly StartTag[], closing: string, line: number): string {
  const local = closing.replace(/^.*:/, '')
  const both = `<${opened.local}> of line ${opened.line} is open where </${closing}> stands on line ${line}`
  const meant = outer.findLast((tag) => tag.local === local)
  if (meant) return `${both}; close it before <${local}> of line ${meant.line} ends`
  return areAlike(opened.local, local) ? `${both}; one of the two is mistyped, write the same in both` : both
}

/** Whether one could be the other with a letter or two wrong, left out or added. */
function areAlike(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  if (long.length - short.length > 2) return false
  let [start, end] = [0, 0]
  while (start < short.length && same(short[start], long[start])) start++
  while (end < short.length - start && same(short.at(-1 - end), long.at(-1 - end))) end++
  return long.length - start - end <= 2
}

function same(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase()
}
