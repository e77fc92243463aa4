import { configurationOf } from '../../src/host/agent/configuration.ts'
import type { HostConfiguration } from '../../src/host/agent/state.ts'
import type { GuestSpecification, InstanceGoal } from '../../src/host/contract/goal.ts'
import type { Timers } from '../../src/kernel/timers.ts'

export const deploymentId = '9f3c1d2e4b5a46788766554433221100'
export const containerId = '5b0e8a34-77d1-4c0b-9b2a-3f1f6d0c9a11'
export const key = `${deploymentId}.Worker_IN_0`

/** What a guest of a small worker role is told; a test says only what matters to it. */
export function guestWith(change: Partial<GuestSpecification> = {}): GuestSpecification {
  return {
    deploymentId,
    serviceName: 'shop',
    role: 'Worker',
    roleKind: 'WorkerRole',
    instance: 'Worker_IN_0',
    deploymentIncarnation: 1,
    placement: 1,
    settings: {},
    localResources: [],
    storedCertificates: [],
    size: { id: 'Small', cores: 1, memoryMB: 1792, diskMB: 100 },
    upgradeDomainCount: 5,
    blast: false,
    vip: '127.77.1.1',
    topology: [
      { id: 'Worker_IN_0', role: 'Worker', address: '127.0.0.1', faultDomain: 0, upgradeDomain: 0, endpoints: [] },
    ],
    ...change,
  }
}

/** The goal of that instance, running. */
export function goalWith(change: Partial<InstanceGoal> = {}): InstanceGoal {
  return {
    key,
    containerId,
    revision: 1,
    machine: 'Started',
    role: 'Started',
    deleting: false,
    epochs: { guest: 0, c: 0, d: 0, e: 0 },
    packageSha256: 'a'.repeat(64),
    root: 1,
    keepFormerRoot: false,
    guest: guestWith(),
    certificates: [],
    ...change,
  }
}

/** Of a host whose guests have accounts of their own and share its network; a test says only what matters to it. */
export function hostConfiguration(
  timers: Timers,
  change: Partial<Parameters<typeof configurationOf>[2]> = {},
): HostConfiguration {
  return configurationOf(
    {
      name: 'host1',
      cores: 8,
      memoryMB: 0,
      diskMB: 0,
      faultDomain: 0,
      controllerUrl: '',
      tls: { ca: '', cert: '', key: '' },
      dataDirectory: '/data',
      wireAddress: '127.77.0.10',
      isolation: 'process',
      programs: '/programs',
      timers: [],
      readyFile: '',
      logFile: '',
    },
    timers,
    {
      bootId: 'boot',
      agentRun: 'run',
      firstPort: 1024,
      agentIncarnation: 'f00d',
      ownAccounts: true,
      ownNetworks: false,
      ...change,
    },
  )
}
