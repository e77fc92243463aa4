import type { Timers } from '../../../kernel/timers.ts'
import type { InstanceChange } from '../../contract/plan.ts'
import type { UpdateRecord } from '../state/records/update.ts'

/** Most names that are listed; of more, only the number is given. */
const namesTold = 10

/** `Web_IN_0, Web_IN_5 and Work_IN_0` */
export function listed(names: readonly string[]): string {
  if (names.length > namesTold) return `${names.slice(0, namesTold).join(', ')} and ${names.length - namesTold} more`
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

type Place = Pick<UpdateRecord, 'kind' | 'mode' | 'domain' | 'domains'>

/** `upgrade, domain 0 of 5`: the beginning of every message about a domain. */
export function domainWords({ kind, mode, domain, domains }: Place): string {
  const what = kind === 'configuration' ? 'configuration change' : kind
  return mode === 'Simultaneous' ? `${what}, all domains` : `${what}, domain ${domain} of ${domains}`
}

export function prepareWords(place: Place, names: readonly string[]): string {
  return `${domainWords(place)}: the new role root is prepared for ${listed(names)} while ${names.length === 1 ? 'it runs' : 'they run'} on`
}

export function takeOutWords(place: Place, names: readonly string[]): string {
  return `${domainWords(place)}: ${listed(names)} out of rotation first`
}

const changeWords: Readonly<Record<InstanceChange, { readonly one: string; readonly several: string }>> = {
  package: {
    one: 'stops and starts with the new role root',
    several: 'stop together and start with the new role root',
  },
  system: {
    one: 'stops and starts with the new guest operating system',
    several: 'stop together and start with the new guest operating system',
  },
  certificates: { one: 'recycles with the new certificates', several: 'recycle with the new certificates' },
  settings: {
    one: 'gets the new configuration without a stop',
    several: 'get the new configuration without a stop',
  },
  none: { one: 'stays as it is', several: 'stay as they are' },
}

export function tellWords(place: Place, change: InstanceChange, names: readonly string[]): string {
  const { one, several } = changeWords[change]
  return `${domainWords(place)}: ${listed(names)} ${names.length === 1 ? one : several}`
}

/** U-29. */
export function walkedWords(place: Place, { settleTime }: Timers): string {
  return `${domainWords(place)}: walked, all of its role instances concerned have been Ready for ${settleTime / 1_000} s`
}

/** U-65. */
export function movedAtRestWords(place: Place): string {
  return `${domainWords(place)}: walked, its role instances have the new version and stand still`
}

export function emptyWords(place: Place): string {
  return `${domainWords(place)}: passed over, no role instance is concerned`
}
