/**
 * Whether a machine with that version of Reddog may join a fabric whose master has this one: both must write the same records (schema), which versions
 * of one minor number do. Undefined: it may; else why not, in a sentence.
 */
export function mayJoin(own: string, joiner: string): string | undefined {
  if (schemaOf(own) === schemaOf(joiner)) return undefined
  return `The fabric runs Reddog ${own}, and the machine has ${joiner}. Install Reddog ${own} there.`
}

function schemaOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}
