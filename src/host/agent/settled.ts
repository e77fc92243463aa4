import type { Fault } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { HostAction, HostOutcome } from './action.ts'
import { disksOf } from './disks-of.ts'
import { openPortsOf } from './open-ports-of.ts'
import { retryAt } from './retry.ts'
import { overfullText } from './room.ts'
import type { Container, HostState, Overfull, Served } from './state.ts'

/** The container after an action on it. */
export function settled(
  state: HostState,
  container: Container,
  action: HostAction,
  outcome: HostOutcome,
  now: Instant,
): Container {
  const { record } = container
  if (outcome.kind === 'failed') return failed(state, container, outcome.fault, now)
  if (outcome.kind === 'created') return { ...container, record: { ...record, run: outcome.run }, trouble: undefined }
  const served = servedBy(action)
  if (outcome.kind === 'started')
    return {
      ...container,
      record: { ...record, process: outcome.process },
      ended: false,
      adopted: false,
      unsure: undefined,
      heard: false,
      health: undefined,
      opened: served && openPortsOf(served),
      disks: served && disksOf(served),
      silentFrom: now,
    }
  if (action.kind === 'rebuildDrives')
    return { ...container, record: { ...record, epochs: action.epochs, rebuild: [] }, trouble: undefined }
  if (action.kind === 'openPorts') return { ...container, opened: served && openPortsOf(served) }
  if (action.kind === 'makeDisks') return { ...container, disks: served && disksOf(served) }
  if (action.kind === 'stopGuest') return stopped(state, container, now)
  return container
}

/** The documents that an action was carried out for: it has opened their ports and made their disks. */
function servedBy(action: HostAction): Served | undefined {
  return 'record' in action ? action.record?.served : undefined
}

/** A guest that was not heard since its start waits before the next start; one that was heard starts again at once (design.md 9.6). */
function stopped(state: HostState, container: Container, now: Instant): Container {
  const { record, ended, heard } = container
  const base: Container = {
    ...container,
    // A host that powers off keeps all but the guest operating system (table 3.1).
    record: {
      ...record,
      process: undefined,
      lastSaid: undefined,
      rebuild: state.power === 'on' ? record.rebuild : ['d'],
    },
    ended: false,
    adopted: false,
    unsure: undefined,
    opened: undefined,
    disks: undefined,
    overfull: undefined,
    health: undefined,
    heard: false,
  }
  // Not at once, so that users see its details; when its role starts, the storage that is not kept is emptied.
  if (container.overfull)
    return failed(
      state,
      { ...base, failures: Math.max(1, container.failures) },
      { code: 'DiskNearlyFull', message: sentenceOf(container.overfull) },
      now,
    )
  if (!ended || heard) return base
  const fault: Fault = {
    code: 'GuestEnded',
    message:
      'The guest ended before its first heartbeat. Its output is in WaAppAgent.out of the guest directory, that of an agent of another vendor in agent/log/agent.out there.',
  }
  return failed(state, base, fault, now)
}

function sentenceOf(found: Overfull): string {
  return `Stopped: ${overfullText(found)}. Local storage that is not kept over a recycle and TEMP are emptied at its start; if that does not help, rebuild the instance or give its local storage another size.`
}

/** The container after a failure: nothing is tried again before its time. */
export function failed(state: HostState, container: Container, fault: Fault, now: Instant): Container {
  const at = retryAt(state.configuration.timers, container.failures, now)
  return { ...container, failures: container.failures + 1, trouble: { fault, retryAt: at } }
}
