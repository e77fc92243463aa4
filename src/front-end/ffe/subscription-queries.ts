import type { SubscriptionView } from '../../fabric/contract/views.ts'
import { type Result } from '../../kernel/fault.ts'
import { isoSeconds } from '../../kernel/instant.ts'
import { refusals, required } from '../contract/errors.ts'
import { operationDocument } from '../contract/wire/operation.ts'
import {
  subscriptionCertificateDocument,
  subscriptionCertificatesDocument,
  subscriptionDocument,
} from '../contract/wire/subscription.ts'
import { subscriptionOperationsDocument } from '../contract/wire/subscription-operations.ts'
import type { Call } from './call.ts'
import { pageOf } from './page.ts'
import { periodOf } from './period.ts'
import { type Query, reply, type Sources } from './query.ts'
import { statusOfRecord, subscriptionOperationOf } from './views/operation.ts'

/** S-1: the counts are asked for afresh. */
export const getSubscription: Query = async (call, sources) => {
  const found = await freshSubscription(call, sources)
  if (!found.ok) return found
  const view = found.value
  return reply(subscriptionDocument, {
    id: view.id,
    name: view.name,
    status: view.status,
    maxCoreCount: view.maxCores,
    // The one account that the operator has configured; networks are not offered.
    maxStorageAccounts: 1,
    maxHostedServices: view.maxServices,
    currentCoreCount: view.currentCores,
    currentHostedServices: view.currentServices,
    currentStorageAccounts: 1,
    maxVirtualNetworkSites: 0,
    maxLocalNetworkSites: 0,
    maxDnsServers: 0,
    createdTime: view.createdAt,
  })
}

/** O-2: the ID with or without hyphens, in any case. */
export const getOperationStatus: Query = async (call, { fabric }) => {
  const id = (call.params['operation'] ?? '').replaceAll('-', '').toLowerCase()
  const found = await fabric.view('operation', { subscriptionId: call.subscriptionId, id })
  if (!found.ok) return found
  if (!found.value) return refusals.missing(`The operation ${call.params['operation']} does not exist.`)
  return reply(operationDocument, statusOfRecord(found.value))
}

/** S-2. Records come in the order of their start; that of one moment by ID. */
export const listSubscriptionOperations: Query = async (call, { fabric }) => {
  const period = periodOf(call)
  if (!period.ok) return period
  const records = await fabric.view('operations', { subscriptionId: call.subscriptionId, ...period.value })
  if (!records.ok) return records
  const object = call.query.get('objectidfilter')?.toLowerCase() ?? ''
  const result = call.query.get('operationresultfilter')?.toLowerCase()
  const wanted = records.value.filter(
    (record) => record.objectId.toLowerCase().startsWith(object) && (!result || record.status.toLowerCase() === result),
  )
  const page = pageOf(wanted, (record) => `${isoSeconds(record.startedAt)} ${record.startedAt} ${record.id}`, call)
  if (!page.ok) return page
  return reply(subscriptionOperationsDocument, {
    continuationToken: page.value.next,
    operations: page.value.items.map(subscriptionOperationOf),
  })
}

/** S-7. */
export const listSubscriptionCertificates: Query = async (call, sources) => {
  const found = await freshSubscription(call, sources)
  if (!found.ok) return found
  return reply(
    subscriptionCertificatesDocument,
    found.value.certificates.map((certificate) => certificateOf(certificate, sources)),
  )
}

export const getSubscriptionCertificate: Query = async (call, sources) => {
  const found = await freshSubscription(call, sources)
  if (!found.ok) return found
  const asked = call.params['thumbprint']?.toUpperCase()
  const certificate = found.value.certificates.find(({ thumbprint }) => thumbprint.toUpperCase() === asked)
  if (!certificate) return refusals.missing(`The management certificate ${asked} does not exist.`)
  return reply(subscriptionCertificateDocument, certificateOf(certificate, sources))
}

function certificateOf(certificate: SubscriptionView['certificates'][number], { publicKeyOf }: Sources) {
  const { thumbprint, data, createdAt } = certificate
  return { publicKey: publicKeyOf(data), thumbprint, data, created: createdAt }
}

async function freshSubscription(call: Call, { fabric }: Sources): Promise<Result<SubscriptionView>> {
  const all = await fabric.view('subscriptions', {})
  if (!all.ok) return all
  return required(
    all.value.find(({ id }) => id === call.subscriptionId),
    refusals.notAuthenticated(),
  )
}
