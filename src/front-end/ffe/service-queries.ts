import type { ServiceView } from '../../fabric/contract/views.ts'
import { parseBoolean } from '../../kernel/document/scalars.ts'
import type { Result } from '../../kernel/fault.ts'
import { refusals, required } from '../contract/errors.ts'
import { isServiceName } from '../contract/names.ts'
import { availabilityDocument, hostedServiceDocument, hostedServicesDocument } from '../contract/wire/hosted-service.ts'
import { type Call, serviceOf } from './call.ts'
import { continuationHeader, pageOf } from './page.ts'
import { type Query, reply, type Sources } from './query.ts'
import { hostedServiceOfView } from './views/hosted-service.ts'

/** In the order of names, so that pages are stable while services come and go. */
export const listHostedServices: Query = async (call, { fabric }) => {
  const services = await fabric.view('services', { subscriptionId: call.subscriptionId })
  if (!services.ok) return services
  const page = pageOf(services.value, (service) => service.name.toLowerCase(), call)
  if (!page.ok) return page
  const documents = page.value.items.map((view) => hostedServiceOfView(view, call, { capabilities: true }))
  const { next } = page.value
  return reply(hostedServicesDocument, documents, next === undefined ? {} : { [continuationHeader]: next })
}

export const getHostedService: Query = async (call, sources) => {
  const asked = call.query.get('embed-detail')
  const deployments = asked === undefined ? false : parseBoolean(asked)
  if (deployments === undefined)
    return refusals.bad(`The query parameter embed-detail is "${asked}". Use true or false.`)
  const service = await existingService(call, sources)
  if (!service.ok) return service
  return reply(hostedServiceDocument, hostedServiceOfView(service.value, call, { deployments }))
}

/** C-6: a name that cannot be is not available, which is no error. */
export const checkNameAvailability: Query = async (call, { fabric }) => {
  const service = serviceOf(call)
  if (!isServiceName(service))
    return reply(availabilityDocument, { result: false, reason: 'The hosted service name is invalid.' })
  const taken = await fabric.view('nameTaken', { service })
  if (!taken.ok) return taken
  return reply(availabilityDocument, {
    result: !taken.value,
    reason: taken.value ? 'A hosted service with the specified name already exists.' : undefined,
  })
}

/** The service that the path names (D-1). */
export async function existingService(call: Call, { fabric }: Sources): Promise<Result<ServiceView>> {
  const found = await fabric.view('service', { subscriptionId: call.subscriptionId, service: serviceOf(call) })
  return found.ok ? required(found.value, refusals.noService()) : found
}
