import type { Verb } from './verb.ts'

/** Verbs of the fabric itself, which `bin/reddog` hands to the building's own main. */
export interface OwnVerb {
  readonly name: string
  readonly form: string
  readonly about: string
}

/** Options that every verb takes. */
const everywhere = `Every verb takes  --data DIR                the fabric's data directory; ./.reddog unless told otherwise
                  --publish-settings FILE   the fabric to sign in to, instead of --data
                  --ca FILE                 the authority that its certificate is trusted by; authority.pem beside the settings
                  --json                    answers as JSON on standard output`

/** All verbs with their forms. */
export function helpText(own: readonly OwnVerb[], verbs: readonly Verb[]): string {
  return `reddog: a home for cloud services\n\n${[...own, ...verbs].map(entry).join('\n')}\n\n${everywhere}\n`
}

/** One verb with its form. */
export function verbHelp(verb: OwnVerb): string {
  return `${entry(verb)}\n\n${everywhere}\n`
}

function entry({ name, form, about }: OwnVerb): string {
  return `  reddog ${name}${form ? ` ${form}` : ''}\n      ${about}`
}
