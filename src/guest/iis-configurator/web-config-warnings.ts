import type { WebSite } from '../../service-model/application-host/application-host.ts'
import { readWebConfig } from '../../service-model/web-config/read-web-config.ts'

/** A `web.config`, with the name for its warnings. */
export interface FoundConfig {
  readonly name: string
  readonly text: string
}

/** Lines at most. Origin: choice; the log is for people. */
const mostLines = 50

/**
 * What the web server ignores, or will answer with 500.19, in the `web.config`s at the roots of all applications and virtual directories (I-28,
 * I-59). `read`: that of a real directory; undefined when it has none that can be read.
 */
export function webConfigWarnings(
  sites: readonly Pick<WebSite, 'applications'>[],
  read: (directory: string) => FoundConfig | undefined,
): readonly string[] {
  const directories = new Set(
    sites.flatMap(({ applications }) =>
      applications.flatMap(({ directories: all }) => all.map(({ physicalPath }) => physicalPath)),
    ),
  )
  const readings = [...directories].flatMap((directory) => {
    const found = read(directory)
    return found ? [readWebConfig(found.text, found.name)] : []
  })
  // What is not served at all comes first.
  const lines = [
    ...readings.flatMap(({ errors }) => errors.map((error) => `500.19: ${error}`)),
    ...readings.flatMap(({ warnings }) => warnings.map((warning) => `Warning: ${warning}`)),
  ]
  const more = lines.length - mostLines
  return more > 0 ? [...lines.slice(0, mostLines), `… and ${more} more.`] : lines
}
