import { base64OfText, canonicalBase64 } from '../../front-end/contract/base64.ts'
import { deploymentDocument } from '../../front-end/contract/wire/deployment.ts'
import {
  createDeployment as createDeploymentBody,
  roleInstances,
  updateDeploymentStatus as updateDeploymentStatusBody,
} from '../../front-end/contract/wire/deployment-requests.ts'
import {
  availabilityDocument,
  hostedServiceDocument,
  hostedServicesDocument,
} from '../../front-end/contract/wire/hosted-service.ts'
import { createHostedService } from '../../front-end/contract/wire/hosted-service-requests.ts'
import { operationDocument } from '../../front-end/contract/wire/operation.ts'
import { locationsDocument } from '../../front-end/contract/wire/places.ts'
import {
  eventsDocument,
  hostsDocument,
  joinTokenDocument,
  logDocument,
  machinesDocument,
} from '../../front-end/contract/wire/reddog.ts'
import { storageKeysDocument, storageServicesDocument } from '../../front-end/contract/wire/storage-services.ts'
import { Failure } from '../failure.ts'
import { type Deployment, deploymentOf, type Service, type Slot, serviceOf } from './answers.ts'
import { type Api, inWords } from './api.ts'
import { inSlot, type Read, read, unlessMissing } from './asking.ts'
import { type Certificates, openCertificates } from './certificates.ts'
import { openSubscription, type Subscription } from './subscription.ts'
import { openUpdates, type Updates } from './updates.ts'

/** The operations of the Service Management API that clients of ours use, by the API's own names. Each throws the ApiRefusal that it received. */
export interface ServiceManagement extends Updates, Certificates, Subscription {
  services(): Promise<readonly Service[]>
  /** With its deployments; undefined when there is none of the name. */
  service(name: string): Promise<Service | undefined>
  createService(name: string, wanted?: WantedService): Promise<void>
  /** Why a cloud service cannot have the name, in the API's words; undefined when it can (C-6). */
  nameTaken(service: string): Promise<string | undefined>
  /** Names of the places in which cloud services can be created. */
  locations(): Promise<readonly string[]>
  /** The request ID: with deployments the service goes only after them. */
  deleteService(name: string, withDeployments: boolean): Promise<string>
  /** Undefined when the slot is empty. */
  deployment(service: string, slot: Slot): Promise<Deployment | undefined>
  /** These return the request ID, with which the operation is followed (O-1). */
  createDeployment(service: string, slot: Slot, wanted: WantedDeployment): Promise<string>
  updateDeploymentStatus(service: string, slot: Slot, status: 'Running' | 'Suspended'): Promise<string>
  deleteDeployment(service: string, slot: Slot): Promise<string>
  /** Ends when the instance has left its former run (section 7 of service-management-api.md). */
  restartInstance(how: Restart, service: string, slot: Slot, instance: string): Promise<string>
  deleteInstances(service: string, slot: Slot, instances: readonly string[]): Promise<string>
  operation(requestId: string): Promise<Read<typeof operationDocument>>
  /** The first account that the subscription knows (B-5). */
  storageAccount(): Promise<BlobAccount>
  /** Events of a service, or of the hosts when none is named, with a number above `after`, oldest first. */
  events(service: string | undefined, after: number): Promise<Read<typeof eventsDocument>>
  /** The names of an instance's logs, in `known`. */
  logs(service: string, slot: Slot, instance: string): Promise<Read<typeof logDocument>>
  /** A piece of a log, from `offset` on, in bytes (G-1). */
  log(service: string, slot: Slot, instance: string, log: string, offset: number): Promise<Read<typeof logDocument>>
  hosts(): Promise<readonly Host[]>
  /** The request ID: the operation ends when nothing runs on the host any more (H-21). */
  drainHost(host: string): Promise<string>
  endDrain(host: string): Promise<string>
  /** H-39. */
  releaseBrake(): Promise<string>
  /** The request ID. Its machine leaves the fabric; `force`: although role instances run there. */
  removeHost(host: string, force: boolean): Promise<string>
  /** None of a fabric of one machine. */
  machines(): Promise<Machines>
  /** A token whose secret has that SHA-256: one machine may join by it. */
  addJoinToken(wanted: Read<typeof joinTokenDocument>): Promise<void>
  /** What the host runs and the fabric does not know ends. */
  clearHost(host: string): Promise<string>
}

/** An account of the Blob service, as the API names it (B-5). */
export interface BlobAccount {
  readonly name: string
  readonly key: string
  /** With or without a slash at its end. */
  readonly blobEndpoint: string
}

export type Machines = Read<typeof machinesDocument>

export type Host = Read<typeof hostsDocument>[number]

/** What is recreated: the role root; the guest OS as well; every local drive (table 3.1). */
export type Restart = 'reboot' | 'reimage' | 'rebuild'

/** Location: the first that the subscription offers, unless given; label: the name. */
interface WantedService {
  readonly location?: string | undefined
  readonly label?: string | undefined
}

export interface WantedDeployment {
  readonly name: string
  readonly packageUrl: string
  readonly label: string
  /** Bytes of the .cscfg file. */
  readonly configuration: Uint8Array
  readonly start: boolean
  readonly treatWarningsAsError: boolean
}

const restarts = {
  reboot: 'RebootRoleInstance',
  reimage: 'ReimageRoleInstance',
  rebuild: 'RebuildRoleInstance',
} as const

export function openServiceManagement(api: Api): ServiceManagement {
  return {
    ...openUpdates(api),
    ...openCertificates(api),
    ...openSubscription(api),
    services: async () => read(await api.send('ListHostedServices'), hostedServicesDocument).map(serviceOf),
    async service(service) {
      const asked = api.send('GetHostedService', { service }, { query: { 'embed-detail': 'true' } })
      const answer = await unlessMissing(asked)
      return answer && serviceOf(read(answer, hostedServiceDocument))
    },
    async createService(name, { location, label = name } = {}) {
      const body = createHostedService.write({
        serviceName: name,
        label: base64OfText(label),
        location: location ?? read(await api.send('ListLocations'), locationsDocument)[0]?.name,
        extendedProperties: [],
      })
      await api.send('CreateHostedService', {}, { body })
    },
    async nameTaken(service) {
      const found = read(await api.send('CheckNameAvailability', { service }), availabilityDocument)
      return found.result ? undefined : (found.reason ?? '')
    },
    locations: async () => read(await api.send('ListLocations'), locationsDocument).map(({ name }) => name),
    async deleteService(service, withDeployments) {
      const operation = withDeployments ? 'DeleteHostedServiceAndDeployments' : 'DeleteHostedService'
      return (await api.send(operation, { service })).requestId
    },
    async deployment(service, slot) {
      const answer = await unlessMissing(api.send('GetDeployment', inSlot(service, slot)))
      return answer && deploymentOf(read(answer, deploymentDocument))
    },
    async createDeployment(service, slot, { name, packageUrl, label, configuration, start, treatWarningsAsError }) {
      const body = createDeploymentBody.write({
        name,
        packageUrl,
        label: base64OfText(label),
        configuration: canonicalBase64(configuration),
        startDeployment: start,
        treatWarningsAsError,
        extendedProperties: [],
      })
      return (await api.send('CreateDeployment', { service, slot }, { body })).requestId
    },
    async updateDeploymentStatus(service, slot, status) {
      const body = updateDeploymentStatusBody.write({ status })
      return (await api.send('UpdateDeploymentStatus', inSlot(service, slot), { body })).requestId
    },
    deleteDeployment: async (service, slot) => (await api.send('DeleteDeployment', inSlot(service, slot))).requestId,
    async restartInstance(how, service, slot, instance) {
      const query = how === 'rebuild' ? { query: { resources: 'allLocalDrives' } } : {}
      return (await api.send(restarts[how], { ...inSlot(service, slot), instance }, query)).requestId
    },
    async deleteInstances(service, slot, instances) {
      const body = roleInstances.write(instances)
      return (await api.send('DeleteRoleInstances', inSlot(service, slot), { body })).requestId
    },
    async operation(id) {
      const found = read(await api.send('GetOperationStatus', { operation: id }), operationDocument)
      return found.error ? { ...found, error: inWords(api, found.error) } : found
    },
    async storageAccount() {
      const [account] = read(await api.send('ListStorageServices'), storageServicesDocument)
      const blobEndpoint = account?.properties.endpoints[0]
      if (!account || !blobEndpoint)
        throw new Failure('The subscription has no storage account, and packages must come from Blob storage (U-20).')
      const { keys } = read(await api.send('GetStorageKeys', { account: account.serviceName }), storageKeysDocument)
      return { name: account.serviceName, key: keys.primary, blobEndpoint }
    },
    async events(service, after) {
      const query = { query: { after: String(after) } }
      const asked =
        service === undefined ? api.send('ListHostEvents', {}, query) : api.send('ListEvents', { service }, query)
      return read(await asked, eventsDocument)
    },
    async log(service, slot, instance, log, offset) {
      const at = { ...inSlot(service, slot), instance, log }
      return read(await api.send('ReadLog', at, { query: { offset: String(offset) } }), logDocument)
    },
    async logs(service, slot, instance) {
      return read(await api.send('ListLogs', { ...inSlot(service, slot), instance }), logDocument)
    },
    hosts: async () => read(await api.send('ListHosts'), hostsDocument),
    drainHost: async (host) => (await api.send('DrainHost', { host })).requestId,
    releaseBrake: async () => (await api.send('ReleaseBrake', {})).requestId,
    endDrain: async (host) => (await api.send('EndDrainHost', { host })).requestId,
    removeHost: async (host, force) =>
      (await api.send('RemoveHost', { host }, force ? { query: { force: 'true' } } : {})).requestId,
    machines: async () => read(await api.send('ListMachines'), machinesDocument),
    async addJoinToken(wanted) {
      await api.send('AddJoinToken', {}, { body: joinTokenDocument.write(wanted) })
    },
    clearHost: async (host) => (await api.send('ClearHost', { host })).requestId,
  }
}
