/**
 * Hosts on paper for a benchmark: they speak the Host Agents' protocol with the real controller and say that every instance is Ready, and run
 * nothing. So a machine has a thousand instances to be looked at.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { party } from '../src/fabric/contract/paths.ts'
import type { HostGoal, InstanceGoal } from '../src/host/contract/goal.ts'
import { hostPaths } from '../src/host/contract/paths.ts'
import type { HostFacts, HostReport } from '../src/host/contract/report.ts'
import { placesOf, readRecord } from '../src/machine/building/data-directory.ts'
import { hostSubnet, ownAddress } from '../src/machine/building/network.ts'
import { issueCertificate } from '../src/machine/certificates/authority.ts'
import { openJsonClient } from '../src/machine/http/json-client.ts'
import type { InstanceStatus } from '../src/service-model/instance-status.ts'

export interface PaperHosts {
  /** Tells the controller another status of one instance; resolves when that has answered. */
  say(instance: string, status: InstanceStatus, details: string): Promise<void>
  end(): Promise<void>
}

/** Longest wait for a goal, in milliseconds. */
const waitMs = 5_000
const timeoutMs = 30_000

/** `count` hosts of so many cores, beside the fabric's own, in two fault domains. */
export async function startPaperHosts(dataDirectory: string, count: number, cores: number): Promise<PaperHosts> {
  const hosts = await Promise.all(
    Array.from({ length: count }, (_, index) => startPaperHost(dataDirectory, index, cores)),
  )
  return {
    async say(instance, status, details) {
      for (const host of hosts) await host.say(instance, status, details)
    },
    async end() {
      await Promise.all(hosts.map((host) => host.end()))
    },
  }
}

async function startPaperHost(data: string, index: number, cores: number): Promise<PaperHosts> {
  const record = readRecord(placesOf(data))
  if (!record) throw new Error(`There is no fabric in ${data}.`)
  const trust = (name: string) => readFileSync(join(data, 'trust', name), 'utf8')
  const authority = { certificatePem: trust('authority.pem'), keyPem: trust('authority.key') }
  const name = `paper${index}`
  const own = issueCertificate(authority, { commonName: party.hostPrefix + name, usage: 'client' })
  const client = openJsonClient({ ca: authority.certificatePem, cert: own.certificatePem, key: own.keyPem })
  const controller = `https://${ownAddress(record.network, 'controller')}:9443`
  const agentRun = randomUUID()
  const facts: HostFacts = {
    name,
    cores,
    memoryMB: 0,
    diskMB: 0,
    faultDomain: index % 2,
    bootId: 'paper',
    agentRun,
    firstPort: 0,
    subnet: hostSubnet(record.network, 20 + index, 'process'),
  }
  await client.request({ url: controller + hostPaths.register, body: facts, timeoutMs })

  let goal: HostGoal | undefined
  let number = 0
  const ended = new AbortController()
  const said = new Map<string, Readonly<Record<'status' | 'details', string>>>()
  const report = async (version: number, instances: readonly InstanceGoal[]) => {
    const body: HostReport = {
      agentRun,
      number: number++,
      goalVersion: version,
      complete: true,
      instances: instances.filter(({ deleting }) => !deleting).map((instance) => reported(instance, said)),
      gone: instances.filter(({ deleting }) => deleting).map(({ key }) => key),
    }
    await client.request({ url: controller + hostPaths.report, body, timeoutMs })
  }
  const follow = async () => {
    while (!ended.signal.aborted) {
      const url = `${controller}${hostPaths.goal}?after=${goal?.version ?? 0}&wait=${waitMs}`
      const reply = await client.request<HostGoal>({ url, timeoutMs }).catch(() => undefined)
      if (reply?.ok && reply.value) goal = reply.value
      if (goal && !ended.signal.aborted) await report(goal.version, goal.instances)
    }
  }
  const following = follow()
  return {
    async say(instance, status, details) {
      const found = goal?.instances.find(({ key }) => key.endsWith(`.${instance}`))
      if (!goal || !found) return
      said.set(found.key, { status, details })
      await report(goal.version, goal.instances)
    },
    async end() {
      ended.abort()
      await following
      client.close()
    },
  }
}

function reported(
  { key, revision, role }: InstanceGoal,
  said: ReadonlyMap<string, Readonly<Record<'status' | 'details', string>>>,
): HostReport['instances'][number] {
  const { status, details } = said.get(key) ?? { status: role === 'Started' ? 'ReadyRole' : 'StoppedVM', details: '' }
  return {
    key,
    revision,
    status: status as InstanceStatus,
    details,
    powerState: 'Started',
    since: Date.now(),
    failures: 0,
  }
}
