import { operationsAt } from '../../../front-end/contract/operation-at.ts'
import { Refusal } from './refusal.ts'

/** Longest path and query that is passed on. Origin: choice; names of a service, a deployment and an instance take at most some 900. */
const targetLimit = 4096

/** Operations whose answers hold keys: the gateway uses them, and no page sees them. */
const withheld: ReadonlySet<string> = new Set(['GetStorageKeys'])

/**
 * Path and query behind the subscription, of what a page asks the API for: an operation of the API that may be passed on, unchanged,
 * beginning with a slash. Throws a Refusal for everything else.
 */
export function apiTarget(method: string, asked: string): string {
  const target = asked === '' || asked.startsWith('/') || asked.startsWith('?') ? asked : `/${asked}`
  if (target.length > targetLimit || !/^[!-~]*$/.test(target))
    throw new Refusal(400, `A path of the API has at most ${targetLimit} characters, all of ASCII.`)
  const here = operationsAt(segmentsOf(target.split('?', 1)[0] ?? ''))
  if (here.length === 0) throw new Refusal(404, 'The API has nothing at this path.')
  const withVerb = here.filter((operation) => operation.method === method)
  if (withVerb.length === 0) throw new Refusal(405, `The API does not offer ${method} here.`)
  if (withVerb.some(({ name }) => withheld.has(name)))
    throw new Refusal(
      403,
      'Keys of the storage account are not shown here. Ask the API itself, with a management certificate.',
    )
  return target
}

/** As RDFE divides a path. */
function segmentsOf(path: string): readonly string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    throw new Refusal(400, 'A part of the path is no percent-encoded UTF-8.')
  }
}
