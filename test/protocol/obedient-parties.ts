/** What stands below a controller, as far as a test of the API needs it: hosts on which everything is Ready at once, and a balancer that agrees. */

import { setTimeout as delay } from 'node:timers/promises'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { RotationTable } from '../../src/fabric/contract/rotation.ts'
import type { HostGoal, InstanceGoal } from '../../src/host/contract/goal.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { issueCertificate } from '../../src/machine/certificates/authority.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import { openJsonClient } from '../../src/machine/http/json-client.ts'
import type { Ends } from './platform-process.ts'

interface Above {
  readonly controllerUrl: string
  readonly authority: KeyAndCertificate
}

const waitMs = 20_000
const timeoutMs = 30_000
const pauseMs = 1

/** A host that does at once whatever its goal says, and reports it. */
export async function startHost(t: Ends, above: Above, name: string, faultDomain: number): Promise<void> {
  const { ask, until } = partyOf(t, above, party.hostPrefix + name)
  const facts = { name, cores: 8, memoryMB: 0, diskMB: 0, faultDomain, bootId: 'b', agentRun: 'r', firstPort: 1024 }
  await ask(hostPaths.register, facts)
  let number = 0
  let version = 0
  until(async () => {
    const goal = await ask<HostGoal>(`${hostPaths.goal}?after=${version}&wait=${number === 0 ? 0 : waitMs}`)
    if (!goal) return
    version = goal.version
    const report = {
      agentRun: 'r',
      number: ++number,
      goalVersion: goal.version,
      complete: true,
      instances: goal.instances.filter(({ deleting }) => !deleting).map(reportOn),
      gone: goal.instances.filter(({ deleting }) => deleting).map(({ key }) => key),
    }
    await ask(hostPaths.report, report)
  })
}

/** A balancer that has every rotation in force at once, with nothing in flight. */
export function startBalancer(t: Ends, above: Above): void {
  const { ask, until } = partyOf(t, above, party.loadBalancer)
  let version = 0
  until(async () => {
    const table = await ask<RotationTable>(`${fabricPaths.rotation}?after=${version}&wait=${waitMs}`)
    if (!table) return
    version = table.version
    const members = table.endpoints.flatMap((endpoint) => endpoint.members)
    const drained = members.filter(({ state }) => state === 'draining').map(({ instance }) => instance)
    await ask(fabricPaths.rotationReport, {
      balancer: 'b',
      acknowledged: version,
      drained,
      boundPorts: {},
      probedOut: {},
      failed: {},
    })
  })
}

function reportOn({ key, revision, machine, prepare }: InstanceGoal): InstanceReport {
  const started = machine === 'Started'
  return {
    key,
    revision,
    status: started ? 'ReadyRole' : 'StoppedVM',
    details: '',
    powerState: started ? 'Started' : 'Stopped',
    since: 0,
    failures: 0,
    prepared: prepare?.packageSha256,
  }
}

function partyOf(t: Ends, { controllerUrl, authority }: Above, commonName: string) {
  const made = issueCertificate(authority, { commonName, usage: 'client' })
  const client = openJsonClient({ ca: authority.certificatePem, cert: made.certificatePem, key: made.keyPem })
  const ending = new AbortController()
  t.after(() => {
    ending.abort()
    client.close()
  })
  return {
    async ask<Value>(path: string, body?: unknown): Promise<Value | undefined> {
      const reply = await client.request<Value>({ url: controllerUrl + path, body, timeoutMs, signal: ending.signal })
      if (reply.ok) return reply.value
      // The controller may be gone before this party is: the order of endings is the test's.
      if (reply.status === 0 || ending.signal.aborted) return undefined
      throw new Error(`${commonName}: ${path}: ${reply.fault.message}`)
    },
    /** Does it again and again until the test ends. */
    until(step: () => Promise<void>): void {
      void (async () => {
        for (; !ending.signal.aborted; await delay(pauseMs)) await step()
      })()
    },
  }
}
