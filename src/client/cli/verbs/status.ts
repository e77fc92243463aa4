import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '../../failure.ts'
import type { Deployment } from '../../service-management/answers.ts'
import { openServiceManagement, type ServiceManagement } from '../../service-management/service-management.ts'
import { type Found, type FoundDeployment, statusLines } from '../status-lines.ts'
import { flag, option, type Verb } from '../verb.ts'

/** How often `--watch` looks. */
const watchPollMs = 500

export const status: Verb = {
  name: 'status',
  form: '[--service NAME] [--watch]',
  about: 'Shows deployments with the state of each instance, updates domain by domain, and the hosts.',
  options: { service: { type: 'string' }, watch: { type: 'boolean' } },
  words: [0, 0],
  async run(call) {
    const { terminal, signal } = call
    const fabric = openServiceManagement(call.api())
    do {
      const found = await look(fabric, option(call, 'service'))
      terminal.object(found)
      terminal.live(statusLines(found))
      if (flag(call, 'watch')) await delay(watchPollMs, undefined, { signal })
    } while (flag(call, 'watch'))
  },
}

async function look(fabric: ServiceManagement, asked: string | undefined): Promise<Found> {
  const names = asked === undefined ? (await fabric.services()).map(({ name }) => name) : [asked]
  const found = (await Promise.all(names.map((name) => fabric.service(name)))).filter((one) => one !== undefined)
  if (asked !== undefined && found.length === 0)
    throw new Failure(`No cloud service is called "${asked}". See: reddog service list`)
  const services = found.map(async (service) => ({
    ...service,
    deployments: await Promise.all(service.deployments.map((one) => withProgress(fabric, service.name, one))),
  }))
  return { services: await Promise.all(services), hosts: asked === undefined ? await fabric.hosts() : [] }
}

async function withProgress(
  fabric: ServiceManagement,
  service: string,
  deployment: Deployment,
): Promise<FoundDeployment> {
  const progress = await fabric.progress(service, deployment.slot)
  const warnings = progress?.warnings ?? []
  return deployment.upgrade ? { ...deployment, warnings, progress } : { ...deployment, warnings }
}
