/**
 * Whether a machine with that version of Reddog may join a fabric whose master has this one: only with the same minor number, so that nobody joins in
 * the midst of an upgrade (docs/decisions/releases.md). Undefined: it may; else why not, in a sentence.
 */
export function mayJoin(own: string, joiner: string): string | undefined {
  if (minorOf(own) === minorOf(joiner)) return undefined
  return `The fabric runs Reddog ${own}, and the machine has ${joiner}. Install Reddog ${own} there.`
}

/** `0.2` of `0.2.7`. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
