import { type OperationStatus, operationStatuses } from '../../fabric/contract/commands.ts'
import type { SubscriptionView } from '../../fabric/contract/views.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals, required } from '../contract/errors.ts'
import { operationDocument } from '../contract/wire/operation.ts'
import {
  subscriptionCertificateDocument,
  subscriptionCertificatesDocument,
  subscriptionDocument,
} from '../contract/wire/subscription.ts'
import { subscriptionOperationsDocument } from '../contract/wire/subscription-operations.ts'
import type { Call } from './call.ts'
import { keyAfter, pageSize, tokenAfter } from './page.ts'
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

/** S-2. */
export const listSubscriptionOperations: Query = async (call, { fabric }) => {
  const period = periodOf(call)
  if (!period.ok) return period
  const status = statusAsked(call)
  if (!status.ok) return status
  const begin = keyAfter(call, /^\d+ [\da-f]{32}$/)
  if (!begin.ok) return begin
  const [startedAt = '', id = ''] = begin.value?.split(' ') ?? []
  const found = await fabric.view('operations', {
    subscriptionId: call.subscriptionId,
    ...period.value,
    object: call.query.get('objectidfilter') ?? '',
    status: status.value,
    after: begin.value === undefined ? undefined : { startedAt: Number(startedAt), id },
    limit: pageSize,
  })
  if (!found.ok) return found
  const last = found.value.more ? found.value.operations.at(-1) : undefined
  return reply(subscriptionOperationsDocument, {
    continuationToken: last && tokenAfter(`${last.startedAt} ${last.id}`),
    operations: found.value.operations.map(subscriptionOperationOf),
  })
}

function statusAsked(call: Call): Result<OperationStatus | undefined> {
  const asked = call.query.get('operationresultfilter') ?? ''
  const known = operationStatuses.find((status) => status.toLowerCase() === asked.toLowerCase())
  return asked === '' || known
    ? fine(known)
    : refusals.bad(`The query parameter OperationResultFilter is "${asked}". Use ${operationStatuses.join(' or ')}.`)
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
