import { type AttributeSchema, choice, collection, duration, section, text, whole } from '../schema.ts'

const verbosity = choice(['Ignore', 'CriticalError', 'Error', 'Warning', 'Information', 'Verbose'], 'Warning')

const code = String.raw`\d{3}(?:\.\d{1,3})?`

/** Most codes and ranges in one list. Origin: choice; whoever traces everything writes one range. */
const mostCodes = 100

/** `400-599,401.3`: codes, with a sub-status or without, and ranges of codes. */
const statusCodes: AttributeSchema<string> = {
  read(found) {
    const parts = found.split(',').map((part) => part.trim())
    const isList = parts.every((part) => new RegExp(`^${code}(?:\\s*-\\s*${code})?$`).test(part))
    return found.trim() === '' || (isList && parts.length <= mostCodes) ? found : undefined
  },
  wanted: `at most ${mostCodes} status codes such as 400-599 or 401.3, with commas between`,
  fallback: { value: '' },
}

/** Which requests are traced when they fail, and with what (I-63). */
export const traceFailedRequests = collection(
  {},
  {
    schema: section(
      {
        path: text(),
        customActionExe: text(''),
        customActionParams: text(''),
        customActionTriggerLimit: whole(0, 10_000, 1),
      },
      {
        traceAreas: collection(
          {},
          { schema: section({ provider: text(), areas: text(''), verbosity }), key: ['provider'] },
        ),
        failureDefinitions: section({ timeTaken: duration(0), statusCodes, verbosity }),
      },
    ),
    key: ['path'],
    first: true,
  },
)
