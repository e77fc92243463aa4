import type { Call } from './call.ts'

/** Version of the API in which an element of a request came (section 3). */
const since = {
  startDeployment: '2010-04-01',
  treatWarningsAsError: '2011-04-01',
  configurationMode: '2011-08-01',
  force: '2011-10-01',
  extendedProperties: '2012-03-01',
  extensionConfiguration: '2013-03-01',
  extensionState: '2014-06-01',
  reverseDnsFqdn: '2014-06-01',
} as const

/** The value of an element. If the element is newer than the version that the caller states, the meaning of its absence. */
export function known<Value>({ version }: Call, element: keyof typeof since, value: Value, absent: Value): Value {
  return version < since[element] ? absent : value
}
