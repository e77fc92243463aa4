import type { Goal } from '../../src/guest/guest-agent/state.ts'
import { plainSpecification } from './guest.ts'

/** That a worker role runs; a test says only what matters to it. */
export function goal(change: Partial<Goal> = {}, configured: Partial<Goal['configuration']> = {}): Goal {
  return {
    incarnation: 1,
    containerId: 'c',
    machine: 'Started',
    role: 'Started',
    stopRolesDeadlineHintMs: 300_000,
    instanceId: 'd.Worker_IN_0',
    configName: 'x.1.xml',
    configuration: {
      goalStateIncarnation: 1,
      specification: plainSpecification('127.0.0.2'),
      software: '/software',
      softwareSha256: 'a',
      root: 1,
      keepFormerRoot: false,
      ...configured,
    },
    ...change,
  }
}
