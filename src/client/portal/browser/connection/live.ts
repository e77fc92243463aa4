import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { OperationName } from '../../../../front-end/contract/operations.ts'
import { deploymentDocument } from '../../../../front-end/contract/wire/deployment.ts'
import type { Document } from '../../../../front-end/contract/wire/document.ts'
import {
  type HostedService,
  hostedServiceDocument,
  hostedServicesDocument,
} from '../../../../front-end/contract/wire/hosted-service.ts'
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

/** What an operation that only reads answers, again whenever it changes, until the part that asks goes away. */
export function useLive<D extends Document<unknown>>(
  document: D,
  operation: OperationName,
  at: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
): Live<Read<D>> {
  const path = targetOf(operation, at, query)
  const { live } = useConnection()
  useEffect(() => live.watch(path), [live, path])
  const { data: seen } = useQuery<Seen>({ queryKey: liveKey(path), enabled: false })
  return useMemo(() => readOf(seen, document) as Live<Read<D>>, [seen, document])
}

function readOf(seen: Seen | undefined, document: Document<unknown>): Live<unknown> {
  if (!seen) return { value: undefined, isKnown: false, isMissing: false }
  const read = seen.status < 400 ? document.read(seen.text) : undefined
  return { value: read?.ok ? read.value : undefined, isKnown: true, isMissing: seen.status === 404 }
}

function useMapped<Found, Value>(live: Live<Found>, map: (found: Found) => Value): Live<Value> {
  return useMemo(() => ({ ...live, value: live.value === undefined ? undefined : map(live.value) }), [live, map])
}

/** All cloud services, without their deployments. */
export function useServices() {
  return useMapped(useLive(hostedServicesDocument, 'ListHostedServices'), servicesOf)
}

function servicesOf(found: readonly HostedService[]) {
  return found.map(serviceOf)
}

/** A cloud service with its deployments. */
export function useService(service: string) {
  const live = useLive(hostedServiceDocument, 'GetHostedService', { service }, { 'embed-detail': 'true' })
  return useMapped(live, serviceOf)
}

export function useDeployment(service: string, slot: Slot) {
  return useMapped(useLive(deploymentDocument, 'GetDeployment', inSlot(service, slot)), deploymentOf)
}

/** The walk of an update, instance by instance; of a slot that is empty it is missing. */
export function useProgress(service: string, slot: Slot) {
  return useLive(progressDocument, 'GetProgress', inSlot(service, slot))
}

/** What happened to a service, oldest first. */
export function useEvents(service: string) {
  return useLive(eventsDocument, 'ListEvents', { service }, { after: '0' })
}

export function useHosts() {
  return useLive(hostsDocument, 'ListHosts')
}

export function useOperation(operation: string) {
  return useLive(operationDocument, 'GetOperationStatus', { operation })
}
