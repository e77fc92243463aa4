import { setTimeout as delay } from 'node:timers/promises'
import type { Deployment, Instance, Service } from '../answers.ts'
import { Failure } from '../failure.ts'
import { openServiceManagement, type ServiceManagement } from '../service-management.ts'
import { table } from '../table.ts'
import { flag, option, type Verb } from '../verb.ts'

/** How often `--watch` looks. */
const watchPollMs = 1_000

export const status: Verb = {
  name: 'status',
  form: '[--service NAME] [--watch]',
  about: 'Shows deployments with the state of each instance, and the hosts.',
  options: { service: { type: 'string' }, watch: { type: 'boolean' } },
  words: [0, 0],
  async run(call) {
    const { terminal, signal } = call
    const fabric = openServiceManagement(call.api())
    const service = option(call, 'service')
    if (!flag(call, 'watch')) {
      const found = await look(fabric, service)
      terminal.object(found)
      for (const line of lines(found)) terminal.line(line)
      return
    }
    for (;;) {
      const found = await look(fabric, service)
      terminal.object(found)
      if (!terminal.json) terminal.progress(lines(found))
      await delay(watchPollMs, undefined, { signal })
    }
  },
}

interface Found {
  readonly services: readonly Service[]
  readonly hosts: Awaited<ReturnType<ServiceManagement['hosts']>>
}

async function look(fabric: ServiceManagement, service: string | undefined): Promise<Found> {
  const names = service === undefined ? (await fabric.services()).map(({ name }) => name) : [service]
  const found = (await Promise.all(names.map((name) => fabric.service(name)))).filter((one) => one !== undefined)
  if (service !== undefined && found.length === 0)
    throw new Failure(`No cloud service is called "${service}". See: reddog service list`)
  return { services: found, hosts: service === undefined ? await fabric.hosts() : [] }
}

function lines({ services, hosts }: Found): readonly string[] {
  if (services.length === 0 && hosts.length === 0) return ['There is nothing here yet.']
  const hostRows = hosts.map(({ name, state, cores, freeCores, faultDomain, instances }) => [
    name,
    state,
    `${freeCores} of ${cores}`,
    String(faultDomain),
    String(instances.length),
  ])
  return [
    ...services.flatMap(serviceLines),
    ...(hosts.length === 0 ? [] : table([['HOST', 'STATE', 'CORES FREE', 'FD', 'INSTANCES'], ...hostRows])),
  ]
}

function serviceLines({ name, deployments }: Service): readonly string[] {
  if (deployments.length === 0) return [`${name}: both slots are empty`, '']
  return deployments.flatMap((deployment) => [...deploymentLines(name, deployment), ''])
}

function deploymentLines(service: string, { slot, status, label, name, url, vip, instances }: Deployment) {
  const heading = ['INSTANCE', 'STATUS', 'UD', 'FD', 'SIZE', 'ADDRESS', 'PUBLIC', 'DETAILS']
  return [
    `${service} ${slot}: ${status}, "${label}" (${name})`,
    ...(url === undefined ? [] : [`  ${url}  VIP ${vip ?? 'none'}`]),
    ...table([heading, ...instances.map(instanceRow)]).map((line) => `  ${line}`),
  ]
}

function instanceRow(instance: Instance): readonly string[] {
  const { name, status, upgradeDomain, faultDomain, size, address, endpoints, details } = instance
  const ports = endpoints.filter(({ publicPort }) => publicPort !== undefined)
  return [
    name,
    status,
    String(upgradeDomain),
    String(faultDomain),
    size,
    address ?? '',
    ports.map(({ protocol, publicPort }) => `${protocol}:${publicPort}`).join(' '),
    details,
  ]
}
