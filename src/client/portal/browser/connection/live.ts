import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { OperationName } from '../../../../front-end/contract/operations.ts'
import { deploymentDocument } from '../../../../front-end/contract/wire/deployment.ts'
import type { Document } from '../../../../front-end/contract/wire/document.ts'
import { hostedServiceDocument, hostedServicesDocument } from '../../../../front-end/contract/wire/hosted-service.ts'
import { operationDocument } from '../../../../front-end/contract/wire/operation.ts'
import { progressDocument } from '../../../../front-end/contract/wire/progress.ts'
import { eventsDocument, hostsDocument } from '../../../../front-end/contract/wire/reddog.ts'
import { deploymentOf, type Slot, serviceOf } from '../../../service-management/answers.ts'
import { inSlot, type Read } from '../../../service-management/asking.ts'
import { targetOf } from '../../../service-management/target.ts'
import { liveKey, useConnection } from './connection.tsx'
import type { Seen } from './live-stream.ts'

/** Something of the fabric as it is now. */
export interface Live<Value> {
  /** Undefined until it is known, and when it does not exist. */
  readonly value: Value | undefined
  /** Whether the fabric has said anything yet. */
  readonly isKnown: boolean
  /** 404: it does not exist. */
  readonly isMissing: boolean
}

/** What is made of an answer. */
type Reading<Value> = (seen: Seen) => Live<Value>

/** Each answer is read once by each reading, however many parts of a page look at it. */
function reading<D extends Document<unknown>, Value>(document: D, map: (found: Read<D>) => Value): Reading<Value> {
  const known = new WeakMap<Seen, Live<Value>>()
  return (seen) => {
    const found = known.get(seen) ?? liveOf(seen, document, map)
    known.set(seen, found)
    return found
  }
}

function liveOf<D extends Document<unknown>, Value>(
  { status, text, read: readAlready }: Seen,
  document: D,
  map: (found: Read<D>) => Value,
): Live<Value> {
  const read = status < 400 ? (readAlready ?? document.read(text)) : undefined
  return { value: read?.ok ? map(read.value as Read<D>) : undefined, isKnown: true, isMissing: status === 404 }
}

const unknown: Live<never> = { value: undefined, isKnown: false, isMissing: false }

function useReading<Value>(
  read: Reading<Value>,
  operation: OperationName,
  at: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
): Live<Value> {
  const path = targetOf(operation, at, query)
  const { live } = useConnection()
  useEffect(() => live.watch(path), [live, path])
  return useQuery({ queryKey: liveKey(path), enabled: false, select: read }).data ?? unknown
}

/** The readings of documents as they are. */
const plain = new WeakMap<Document<unknown>, Reading<unknown>>()

function plainReading<D extends Document<unknown>>(document: D): Reading<Read<D>> {
  const known = plain.get(document) ?? reading(document, (found: unknown) => found)
  plain.set(document, known)
  return known as Reading<Read<D>>
}

/** What an operation that only reads answers, again whenever it changes, until the part that asks goes away. */
export function useLive<D extends Document<unknown>>(
  document: D,
  operation: OperationName,
  at: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
): Live<Read<D>> {
  return useReading(plainReading(document), operation, at, query)
}

const services = reading(hostedServicesDocument, (found) => found.map(serviceOf))
const service = reading(hostedServiceDocument, serviceOf)
const configurations = reading(
  hostedServiceDocument,
  ({ deployments = [] }) => new Map(deployments.map(({ slot, configuration = '' }) => [slot, configuration])),
)
const deployment = reading(deploymentDocument, deploymentOf)

/** All cloud services, without their deployments. */
export function useServices() {
  return useReading(services, 'ListHostedServices')
}

/** A cloud service with its deployments. */
export function useService(name: string) {
  return useReading(service, 'GetHostedService', { service: name }, { 'embed-detail': 'true' })
}

/** What `useService` reads, for the configurations in force: by slot, in Base64. */
export function useConfigurations(name: string) {
  return useReading(configurations, 'GetHostedService', { service: name }, { 'embed-detail': 'true' })
}

export function useDeployment(service: string, slot: Slot) {
  return useReading(deployment, 'GetDeployment', inSlot(service, slot))
}

/** The walk of an update, instance by instance; of a slot that is empty it is missing. */
export function useProgress(service: string, slot: Slot) {
  return useLive(progressDocument, 'GetProgress', inSlot(service, slot))
}

/** Events that fill an answer: those after them are asked for next. At most as many as the API sends (1,000). */
const eventsOfPage = 500

/**
 * What happened to a service, or to the hosts when none is named, oldest first. An answer that is full is kept, and the next one asked for
 * those after it.
 */
export function useEvents(service?: string): Live<readonly Event[]> {
  const [kept, setKept] = useState(nothingKept)
  const { service: ofService, events: earlier } = kept
  const before = ofService === service ? earlier : []
  const after = String(before.at(-1)?.number ?? 0)
  const [operation, at] =
    service === undefined ? (['ListHostEvents', {}] as const) : (['ListEvents', { service }] as const)
  const { value, isKnown, isMissing } = useLive(eventsDocument, operation, at, { after })
  useEffect(() => {
    if (value && value.length >= eventsOfPage) setKept({ service, events: [...before, ...value] })
  })
  return useMemo(
    () => ({ value: value ? [...before, ...value] : before.length > 0 ? before : undefined, isKnown, isMissing }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `before` is new when `after` is.
    [value, isKnown, isMissing, after],
  )
}

export type Event = Read<typeof eventsDocument>[number]

const nothingKept: { readonly service: string | undefined; readonly events: readonly Event[] } = {
  service: '',
  events: [],
}

export function useHosts() {
  return useLive(hostsDocument, 'ListHosts')
}

export function useOperation(operation: string) {
  return useLive(operationDocument, 'GetOperationStatus', { operation })
}
