/** What has thrown and not succeeded since, by subject and part (F-27). */
export type Thrown<Subject extends string> = ReadonlyMap<Subject, Readonly<Record<string, string>>>

/** As at every start. */
export function nothingThrown<Subject extends string>(): Thrown<Subject> {
  return new Map()
}

/** After this part of a subject has thrown; `threw` undefined: it has succeeded. The same object when nothing changes. */
export function withThrown<Subject extends string>(
  thrown: Thrown<Subject>,
  subject: Subject,
  thought: string,
  threw: string | undefined,
): Thrown<Subject> {
  const before = thrown.get(subject) ?? {}
  if (before[thought] === threw) return thrown
  const { [thought]: _, ...others } = before
  const after = threw === undefined ? others : { ...others, [thought]: threw }
  const next = new Map(thrown)
  if (Object.keys(after).length === 0) next.delete(subject)
  else next.set(subject, after)
  return next
}

/** All that was thrown about a subject, in one line; undefined: it is not set aside. */
export function thrownAbout<Subject extends string>(thrown: Thrown<Subject>, subject: Subject): string | undefined {
  const found = thrown.get(subject)
  return found && [...new Set(Object.values(found))].join('; ')
}

/** The same in a sentence for an instance's details: which part of the platform failed, and what it threw. */
export function defectWords(part: string, threw: string): string {
  return `The ${part} has a defect and tries again: ${threw}`
}
