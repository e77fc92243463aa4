import type { Drive } from '../guest/contract/guest-paths.ts'
import type { GuestProcess } from '../host/agent/state.ts'
import type { Fact } from './fact.ts'
import { type Drives, emptyDrives, rebuild } from './guest/drives.ts'
import type { SimulatedGuest } from './guest/guest.ts'

/** A host as a piece of hardware: it has power or not, and guests run on it with or without its agent. */
export interface Machine {
  bootId(): string
  guests(): readonly SimulatedGuest[]
  guest(containerId: string): SimulatedGuest | undefined
  isAlive(process: GuestProcess): boolean
  start(guest: SimulatedGuest): GuestProcess
  /** The first process of a guest, while any of its processes runs. */
  process(containerId: string): GuestProcess | undefined
  /** Ends the guest's processes, if there are any. */
  stop(containerId: string, by: 'host' | 'replacement'): void
  /** They exist as long as the guest, whether it runs or not. */
  drives(containerId: string): Drives
  rebuildDrives(containerId: string, drives: readonly Drive[]): void
  /** Nothing is left of the guest. */
  remove(containerId: string): void
  powerOff(): void
  powerOn(): void
  hasPower(): boolean
}

export function machineOf(host: string, witness: (fact: Fact) => void): Machine {
  const running = new Map<string, { readonly guest: SimulatedGuest; readonly process: GuestProcess }>()
  const drives = new Map<string, Drives>()
  let boots = 1
  let pids = 100
  let power = true
  const bootId = () => `${host}-boot-${boots}`

  function stop(containerId: string, by: Extract<Fact, { kind: 'guestEnded' }>['by']): void {
    const found = running.get(containerId)
    if (!found) return
    running.delete(containerId)
    found.guest.end()
    witness({ kind: 'guestEnded', by, host, containerId, key: found.guest.key })
  }

  function drivesOf(containerId: string): Drives {
    const found = drives.get(containerId) ?? emptyDrives()
    drives.set(containerId, found)
    return found
  }

  return {
    bootId,
    guests: () => [...running.values()].map(({ guest }) => guest),
    guest: (containerId) => running.get(containerId)?.guest,
    isAlive: ({ pid, bootId: boot }) =>
      boot === bootId() && [...running.values()].some(({ guest, process }) => process.pid === pid && guest.isAlive()),
    start(guest) {
      const process = { pid: pids++, startTime: String(guest.startedAt), bootId: bootId() }
      running.set(guest.containerId, { guest, process })
      witness({ kind: 'guestStarted', host, containerId: guest.containerId, key: guest.key })
      return process
    },
    process: (containerId) => running.get(containerId)?.process,
    stop,
    drives: drivesOf,
    rebuildDrives: (containerId, rebuilt) => rebuild(drivesOf(containerId), rebuilt),
    remove(containerId) {
      stop(containerId, 'host')
      drives.delete(containerId)
    },
    powerOff() {
      power = false
      for (const containerId of running.keys()) stop(containerId, 'power')
    },
    powerOn() {
      if (!power) boots++
      power = true
    },
    hasPower: () => power,
  }
}
