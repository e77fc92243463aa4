import { writeCertificateFile } from '../../guest/contract/certificate-file.ts'
import type { GuestDocuments } from '../../guest/contract/guest-documents.ts'
import { wireHeaders } from '../../guest/contract/headers.ts'
import { readHealth } from '../../guest/contract/health.ts'
import { readRoleProperties } from '../../guest/contract/role-properties.ts'
import { supportedVersions, writeVersions } from '../../guest/contract/versions.ts'
import { sealCertificates } from './certificates.ts'
import type { WireDesk } from './desk.ts'
import { sealMachineKey } from './machine-key.ts'
import type { Reply } from './reply.ts'
import { document, refusal } from './reply.ts'

export interface WireRequest {
  readonly method: string
  readonly url: URL
  readonly header: (name: string) => string | undefined
  /** The whole body as text; rejects when it is too large or breaks off. */
  body(limitBytes: number): Promise<string>
}

/** Largest report: a Description of 4,096 bytes, escaped, and the rest. */
const reportLimitBytes = 64 * 1024

/** wire-server.md 13. */
const telemetryLimitBytes = 64_512

/** Longest time for which an answer is held: agents of other vendors would give up before (wire-server.md 4). */
const longestWaitMs = 60_000

/** The answer to one request of a guest (wire-server.md 3 to 13). Rejects with XmlError for a body that is no document. */
export async function answer(request: WireRequest, desk: WireDesk): Promise<Reply> {
  const { method, url } = request
  const comp = url.searchParams.get('comp')
  if (url.pathname === '/' && comp === 'versions') return document(writeVersions())
  if (method === 'PUT' && url.pathname.startsWith('/status/')) return { status: 201 }
  const [, first, ...path] = url.pathname.replace(/\/$/, '').split('/')
  if (first !== 'machine') return refusal(404, `There is nothing at ${url.pathname}.`)
  const version = request.header(wireHeaders.version)
  if (version === undefined || !supportedVersions.includes(version))
    return refusal(
      400,
      `${wireHeaders.version} is ${version ?? 'missing'}. Send one of ${supportedVersions.join(', ')}.`,
    )
  const documents = desk.documents()
  if (!documents) return refusal(503, 'The container is being set up. Ask again.')
  if (path.length > 0) return ofContainer(request, documents, path)
  if (method === 'GET' && comp === 'goalstate') {
    desk.polled(request.header(wireHeaders.agentName))
    return document(documents.goalState(baseOf(url)))
  }
  if (method === 'GET' && comp === 'machineKey' && documents.machineKey)
    return sealMachineKey(documents.machineKey, request.header(wireHeaders.transportKey))
  if (method === 'POST' && comp === 'health') return health(request, documents, desk)
  if (method === 'POST' && comp === 'roleProperties') return roleProperties(request, documents, desk)
  if (method === 'POST' && comp === 'telemetrydata') {
    await request.body(telemetryLimitBytes)
    return { status: 200 }
  }
  return refusal(404, `${method} comp=${comp ?? ''} is not known.`)
}

/** A document by the URL that the goal state gave: for this container, this instance, and the newest incarnation only. */
async function ofContainer(request: WireRequest, documents: GuestDocuments, path: readonly string[]): Promise<Reply> {
  const { method, url } = request
  const [containerId, instanceId] = path.map(decodeURIComponent)
  if (!isCallers(documents, containerId, instanceId)) return foreign(documents)
  const incarnation = url.searchParams.get('incarnation')
  if (incarnation === null || !/^\d+$/.test(incarnation)) return refusal(400, 'The URL names no incarnation.')
  if (Number(incarnation) !== documents.incarnation)
    return refusal(410, `Incarnation ${incarnation} is gone; the newest is ${documents.incarnation}.`)
  const type = url.searchParams.get('type') ?? ''
  const comp = url.searchParams.get('comp')
  if (method === 'GET' && comp === 'certificates' && documents.pfx)
    return certificates(request, await documents.pfx(), documents)
  const text = method === 'GET' && comp === 'config' ? documents.config(type, baseOf(url)) : undefined
  return text === undefined ? refusal(404, `${method} comp=${comp} type=${type} is not known.`) : document(text)
}

async function certificates(request: WireRequest, pfx: Uint8Array, { incarnation }: GuestDocuments): Promise<Reply> {
  const transport = request.header(wireHeaders.transportCertificate)
  const sealing = await sealCertificates(pfx, transport, request.header(wireHeaders.cipher))
  return 'refused' in sealing
    ? refusal(400, sealing.refused)
    : document(writeCertificateFile({ incarnation, data: sealing.data }))
}

async function health(request: WireRequest, documents: GuestDocuments, desk: WireDesk): Promise<Reply> {
  const report = readHealth(await request.body(reportLimitBytes))
  if (!isCallers(documents, report.containerId, report.instanceId)) return foreign(documents)
  const asked = Number(request.header(wireHeaders.waitMs) ?? 0)
  const waitMs = Number.isFinite(asked) ? Math.min(Math.max(0, asked), longestWaitMs) : 0
  const inHand = Number(request.header(wireHeaders.inHand) ?? Number.NaN)
  const newest = await desk.reported(report, waitMs, Number.isFinite(inHand) ? inHand : undefined)
  return { status: 200, headers: { [wireHeaders.incarnation]: String(newest) } }
}

async function roleProperties(request: WireRequest, documents: GuestDocuments, desk: WireDesk): Promise<Reply> {
  const properties = readRoleProperties(await request.body(reportLimitBytes))
  if (!isCallers(documents, properties.containerId, properties.instanceId)) return foreign(documents)
  desk.properties(properties)
  // Agents reject 200 here (wire-server.md 4).
  return { status: 202 }
}

function isCallers(own: GuestDocuments, containerId: string | undefined, instanceId: string | undefined): boolean {
  return containerId?.toLowerCase() === own.containerId.toLowerCase() && instanceId === own.instanceId
}

/** The word that makes agents refresh their goal state (wire-server.md 4). */
function foreign({ containerId, instanceId }: GuestDocuments): Reply {
  return refusal(400, `InvalidContainerConfiguration: this is container ${containerId} with ${instanceId}.`)
}

function baseOf(url: URL): string {
  return `http://${url.host}`
}
