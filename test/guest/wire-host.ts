import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeCertificateFile } from '../../src/guest/contract/certificate-file.ts'
import { configName } from '../../src/guest/contract/config-name.ts'
import { writeFullConfig } from '../../src/guest/contract/full-config.ts'
import { type GoalState, writeGoalState } from '../../src/guest/contract/goal-state.ts'
import type { GuestConfiguration } from '../../src/guest/contract/guest-configuration.ts'
import { wireHeaders } from '../../src/guest/contract/headers.ts'
import { type Health, readHealth } from '../../src/guest/contract/health.ts'
import { type Entry, writePkcs12 } from '../../src/machine/certificates/pkcs12.ts'
import { sealCertificates } from '../../src/machine/wire-server/certificates.ts'
import { sealMachineKey } from '../../src/machine/wire-server/machine-key.ts'
import { machineKeyBytes } from '../../src/service-model/application-host/machine-key.ts'

/** What a test wants of its guest; each `want` is a new incarnation. */
export interface Wanted {
  readonly machine: GoalState['machine']
  readonly role: GoalState['machine']
  readonly configuration: Omit<GuestConfiguration, 'goalStateIncarnation'>
  readonly stopRolesDeadlineHintMs: number
  readonly agentPackage?: GoalState['agentPackage']
  readonly certificates?: readonly Entry[] | undefined
  /** False: as of a goal from before there were machine keys. */
  readonly machineKey?: boolean
}

export interface WireHost {
  readonly url: string
  want(change: Partial<Wanted>): number
  /** Every report that came, in order. */
  readonly reports: readonly Health[]
  /** The newest report that matches, now or when it comes; rejects with what came instead when it does not come in time. */
  health(matches: (health: Health) => boolean, what: string, limitMs?: number): Promise<Health>
  close(): Promise<void>
}

/** A host agent's side of the wire server, scripted by the test: real HTTP, real documents, held reports (wire-server.md 5 to 9). */
export async function startWireHost(containerId: string, first: Wanted): Promise<WireHost> {
  const reports: Health[] = []
  const watchers = new Set<() => void>()
  const held = new Set<() => void>()
  let incarnation = 1
  let wanted = first

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const query = url.searchParams
    if (query.get('comp') === 'health') {
      let body = ''
      for await (const part of request.setEncoding('utf8')) body += part
      const health = readHealth(body)
      reports.push(health)
      for (const watcher of watchers) watcher()
      const waitMs = Number(request.headers['x-reddog-wait-ms'] ?? 0)
      if (waitMs > 0 && Number(request.headers['x-reddog-incarnation']) === incarnation) await hold(waitMs)
      response.setHeader('x-ms-latest-goal-state-incarnation-number', incarnation)
      response.end()
    } else if (query.get('comp') === 'goalstate') answer(response, goalState(url.origin))
    else if (query.get('type') === 'fullConfig' && Number(query.get('incarnation')) !== incarnation)
      response.writeHead(410).end()
    else if (query.get('type') === 'fullConfig')
      answer(response, writeFullConfig({ goalStateIncarnation: incarnation, ...wanted.configuration }))
    else if (query.get('comp') === 'certificates' && wanted.certificates) {
      const asked = request.headers[wireHeaders.transportCertificate]
      const sealing = await sealCertificates(writePkcs12(wanted.certificates), String(asked))
      if ('refused' in sealing) response.writeHead(400).end()
      else answer(response, writeCertificateFile({ incarnation, data: sealing.data }))
    } else if (query.get('comp') === 'machineKey' && wanted.machineKey !== false) {
      const asked = request.headers[wireHeaders.transportKey]
      const { status, body = '' } = sealMachineKey(() => Buffer.from('ab'.repeat(machineKeyBytes)), String(asked))
      response.statusCode = status
      answer(response, body)
    } else response.writeHead(404).end()
  })

  function hold(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        clearTimeout(timer)
        held.delete(release)
        resolve()
      }
      const timer = setTimeout(release, waitMs)
      held.add(release)
    })
  }

  function goalState(origin: string): string {
    const { specification } = wanted.configuration
    const instanceId = `${specification.deploymentId}.${specification.instance}`
    const document = (type: string) =>
      `${origin}/machine/${containerId}/${instanceId}?comp=config&type=${type}&incarnation=${incarnation}`
    return writeGoalState({
      incarnation,
      machine: wanted.machine,
      stopRolesDeadlineHintMs: wanted.stopRolesDeadlineHintMs,
      probePort: 16001,
      agentPackage: wanted.agentPackage,
      containerId,
      roleInstance: {
        instanceId,
        state: wanted.role,
        hostingEnvironmentConfig: document('hostingEnvironmentConfig'),
        sharedConfig: document('sharedConfig'),
        extensionsConfig: document('extensionsConfig'),
        fullConfig: document('fullConfig'),
        ...(wanted.certificates && {
          certificates: `${origin}/machine/${containerId}/${instanceId}?comp=certificates&incarnation=${incarnation}`,
        }),
        configName: configName(specification),
      },
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    want(change) {
      wanted = { ...wanted, ...change }
      incarnation++
      for (const release of held) release()
      return incarnation
    },
    health(matches, what, limitMs = 20_000) {
      const seen = reports.length
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = reports.slice(Math.max(0, seen - 1)).findLast(matches)
          if (found) finish(() => resolve(found))
        }
        const late = () =>
          finish(() =>
            reject(new Error(`no report ${what}; the last were ${JSON.stringify(reports.slice(-6), null, 1)}`)),
          )
        const timer = setTimeout(late, limitMs)
        const finish = (end: () => void) => {
          clearTimeout(timer)
          watchers.delete(look)
          end()
        }
        watchers.add(look)
        look()
      })
    },
    async close() {
      for (const release of held) release()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(response: ServerResponse, document: string): void {
  response.setHeader('Content-Type', 'text/xml; charset=utf-8')
  response.end(document)
}
