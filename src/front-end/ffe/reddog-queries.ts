import type { Slot } from '../../fabric/contract/commands.ts'
import { refusals } from '../contract/errors.ts'
import { eventsDocument, hostsDocument, logDocument, machinesDocument } from '../contract/wire/reddog.ts'
import type { Call } from './call.ts'
import { type Query, reply } from './query.ts'
import { existingService } from './service-queries.ts'

/** Events of a service, or of the hosts, after the one whose number is given (section 16). */
export const listEvents: Query = async (call, sources) => {
  const after = numberOf(call, 'after')
  if (after === undefined)
    return refusals.bad('The query parameter after is no number. Give that of the last event seen.')
  const service = call.params['service'] === undefined ? undefined : await existingService(call, sources)
  if (service?.ok === false) return service
  const ask = { subscriptionId: call.subscriptionId, service: service?.value.name, after }
  const events = await sources.fabric.view('events', ask)
  if (!events.ok) return events
  return reply(
    eventsDocument,
    events.value.map(({ at, ...event }) => ({ ...event, time: at })),
  )
}

/** A piece of an instance's log, or, when it has no log of that name, the names that it has (G-1). */
export const readLog: Query = async (call, sources) => {
  const offset = numberOf(call, 'offset')
  if (offset === undefined)
    return refusals.bad('The query parameter offset is no number. Give nextOffset of the last piece.')
  const service = await existingService(call, sources)
  if (!service.ok) return service
  const log = await sources.fabric.view('log', {
    subscriptionId: call.subscriptionId,
    service: service.value.name,
    slot: call.params['slot'] as Slot,
    instance: call.params['instance'] ?? '',
    log: call.params['log'] ?? '',
    offset,
  })
  if (!log.ok) return log
  if (!log.value) return refusals.missing(`The role instance '${call.params['instance']}' does not exist.`)
  return reply(logDocument, { ...log.value, known: log.value.known ?? [] })
}

export const listHosts: Query = async (_call, { fabric }) => {
  const hosts = await fabric.view('hosts', {})
  return hosts.ok ? reply(hostsDocument, hosts.value) : hosts
}

/** Of a fabric of one machine: no machines and no authority. */
export const listMachines: Query = async (_call, { fabric }) => {
  const found = await fabric.view('machines', {})
  return found.ok ? reply(machinesDocument, found.value ?? { authority: '', machines: [], leaving: [] }) : found
}

/** 0 when the parameter is not given; undefined when it is no number. */
function numberOf(call: Call, parameter: string): number | undefined {
  const asked = call.query.get(parameter) ?? '0'
  return /^\d{1,15}$/.test(asked) ? Number(asked) : undefined
}
