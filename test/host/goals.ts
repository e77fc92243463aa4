import type { GuestSpecification, InstanceGoal } from '../../src/host/contract/goal.ts'

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
