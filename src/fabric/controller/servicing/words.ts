import type { ServicingRecord } from '../state/records/servicing.ts'
import { listed } from '../update/words.ts'

type Step = Pick<ServicingRecord, 'cause' | 'domain' | 'stage'>

/** `drain of host-1, domain 0`: the beginning of every message about a domain in the platform's servicing. */
export function stepWords({ cause, domain }: Pick<Step, 'cause' | 'domain'>): string {
  return `${'host' in cause ? `drain of ${cause.host}` : `guest OS ${cause.release}`}, domain ${domain}`
}

/** What a step is for, and which instances. */
export function beginWords(step: Step, names: readonly string[]): string {
  return `${stepWords(step)}: ${listed(names)} ${purpose(step, names.length === 1)}`
}

/** For instances that are sent a stop or a new start. */
export function toldWords(step: Step, names: readonly string[]): string {
  const one = names.length === 1
  const what =
    step.stage === 'Back' && 'host' in step.cause ? (one ? 'starts again' : 'start again') : purpose(step, one)
  return `${stepWords(step)}: ${listed(names)} ${what}`
}

export function outWords(step: Step, names: readonly string[]): string {
  return `${stepWords(step)}: ${listed(names)} out of rotation first`
}

function purpose({ cause, stage }: Step, one: boolean): string {
  if ('release' in cause) return one ? 'stops and starts with it' : 'stop and start with it'
  const stops = one ? 'stops' : 'stop'
  if (stage === 'Leaving') return `${stops}, to start on another host, since another upgrade domain stays`
  return `${stops} until the host is given back`
}
