import { ofAccount } from '../peer.ts'
import { adoptProcess, signalProcess, startProcess } from '../process.ts'
import type { GuestDriver } from './driver.ts'
import { endGently, killAll } from './guest-processes.ts'
import { emptyDrives, firstProcess, makeTree, removeTree } from './guest-tree.ts'
import { removeRunDirectory } from './run-directory.ts'
import { usageOf } from './usage.ts'

/**
 * A guest is a process group, directories, an address and, as root, a uid of its own. It separates honest neighbours and is no
 * security boundary (design.md 8).
 */
export const processDriver: GuestDriver = {
  open: async () => {},
  close: async () => {},
  restore: async () => false,
  create: makeTree,
  async rebuild(guest, drives) {
    await killAll(guest)
    await emptyDrives(guest, drives)
  },
  openPorts: async () => {},
  makeDisks: async () => {},
  layRoads: async () => [],
  groundOfRoads: () => ({ stands: true, beside: '' }),
  start: async (guest, settings) => startProcess(await firstProcess(guest, settings)),
  adopt: adoptProcess,

  async stop(guest, process, graceMs) {
    if (process && graceMs > 0) await endGently(process, graceMs)
    if (process) signalProcess(process, 'SIGKILL', true)
    await killAll(guest)
    await removeRunDirectory(guest)
  },

  async remove(guest) {
    // A run of the agent that ended before it noted its guest has left one that nobody has stopped.
    await killAll(guest)
    await removeTree(guest)
  },
  isGuest: ({ uid }, socket) => ofAccount(uid)(socket),
  usage: usageOf,
}
