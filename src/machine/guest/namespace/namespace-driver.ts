import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { GuestSettings } from '../../../guest/contract/guest-settings.ts'
import { adoptProcess, identityOf, type RunningProcess, signalProcess, startWithPipes } from '../../process.ts'
import type { GuestDriver, GuestPlace } from '../driver.ts'
import { endGently, killAll } from '../guest-processes.ts'
import { emptyDrives, firstProcess, makeTree, removeTree } from '../guest-tree.ts'
import { removeRunDirectory } from '../run-directory.ts'
import { usageOf } from '../usage.ts'
import { accountListsOf } from './account-lists.ts'
import { joinCgroup, leaveCgroup } from './cgroups.ts'
import { disksDirectory } from './disks/directory.ts'
import { addDisks, keepsOnDisks, removeDisks, withDisks } from './disks/disks.ts'
import { diskTrial } from './disks/trial.ts'
import { foreignAgent, removeForeignAgent } from './foreign-agent.ts'
import { type GuestNetwork, wellKnownAddress } from './guest-network.ts'
import { keptNetwork } from './kept-network.ts'
import { resolverOf } from './resolver-file.ts'
import { openRoads } from './roads/open-roads.ts'
import type { Opened } from './rules.ts'
import { bwrapWords } from './sandbox.ts'
import { systemCallFilter } from './system-calls.ts'

/** Digits of the digest that names a guest's control group: container IDs of one deployment begin alike. */
const digestDigits = 12

/**
 * A guest is what runs in namespaces of its own for processes, network, mounts and names, under a uid of its own without any right,
 * within the limits of its size (design.md 4). Its first process is the first of its process namespace: when that ends the kernel
 * ends all of the guest. `shown`: directories that guests may read besides the system's. `guestAgent`: another vendor's program,
 * started as the first process instead of WaAppAgent.
 */
export function namespaceDriver(network: GuestNetwork, shown: readonly string[], guestAgent?: string): GuestDriver {
  /** Guests known to have nothing left outside: this is asked twice at their end, and before each start. */
  const released = new Set<string>()
  const roads = openRoads(network)
  const kept = keptNetwork(network)
  const troubleWithDisks = diskTrial()

  /** An agent of another vendor knows of no local storage; an ordinary user mounts no disks. */
  const givesDisks = guestAgent === undefined && process.getuid?.() === 0
  const isToHaveDisks = ({ uid, disks = [] }: GuestPlace) => givesDisks && uid !== undefined && disks.length > 0

  /** The words of a command that runs with the disks of the guest, where it has any. Rejects for one that would write beside what it keeps. */
  async function onDisks(guest: GuestPlace, command: readonly string[]): Promise<readonly string[]> {
    if (!isToHaveDisks(guest)) return command
    const trouble = await troubleWithDisks()
    if (trouble === undefined) return withDisks(guest, command)
    if (keepsOnDisks(guest))
      throw new Error(
        `Local storage that the instance keeps stands on disks, as files in ${disksDirectory(guest.root)}, and the system gives root no file systems in files now, so its role would find it empty: ${trouble}. Mend that, and the instance starts; or rebuild it, which loses what it has kept.`,
      )
    return command
  }

  async function start(guest: GuestPlace, asked: GuestSettings): Promise<RunningProcess> {
    const { settings, wirePort } = inside(asked)
    const first = await firstProcess(guest, settings)
    const foreign = guestAgent === undefined ? undefined : await foreignAgent(guest, guestAgent)
    const words = bwrapWords({
      root: guest.root,
      run: settings.run,
      shown: [settings.programs, ...shown],
      node: process.execPath,
      uid: guest.uid,
      resolver: await resolverOf(guest.root),
      accounts: await accountListsOf(guest),
      own: foreign?.own,
      command: foreign?.command ?? [first.file, ...first.args],
    })
    const [file = '', ...args] = await onDisks(guest, ['bwrap', ...words])
    const { exited, said, told, given } = startWithPipes({
      ...first,
      file,
      args,
      title: 'bwrap',
      uid: undefined,
      gid: undefined,
    })
    given.end(systemCallFilter(process.arch))
    const identity = identityOf(await childOf(said))
    if (!identity) throw new Error(`The guest ${guest.key} was not made; what bwrap says is in ${first.output}.`)
    released.delete(guest.containerId)
    try {
      if (guest.size) joinCgroup(network.name, groupOf(guest), guest.size, identity.pid)
      const opened = openedOf(guest)
      const mtu = roads.starting(opened.address, identity)
      await kept.connect({ ...opened, wirePort }, identity.pid, mtu)
    } catch (error) {
      signalProcess(identity, 'SIGKILL')
      throw error
    }
    told.end('\n')
    return { identity, exited }
  }

  return {
    async open() {
      // The first guest need not wait for it.
      if (givesDisks) void troubleWithDisks()
      await kept.open()
    },
    close: kept.close,
    restore: kept.restore,
    create: makeTree,
    async rebuild(guest, drives) {
      await killAll(guest)
      await emptyDrives(guest, drives)
      if (drives.includes('c')) await Promise.all([removeForeignAgent(guest), removeDisks(guest)])
    },
    openPorts: (guest) => kept.openPorts(openedOf(guest), guest.wirePort),
    async makeDisks(guest, first) {
      if (first && isToHaveDisks(guest) && (await troubleWithDisks()) === undefined) await addDisks(guest, first.pid)
    },
    start,
    adopt: adoptProcess,

    layRoads: roads.layRoads,
    groundOfRoads: roads.groundOfRoads,

    async stop(guest, first, graceMs) {
      if (first && graceMs > 0) await endGently(first, graceMs)
      if (first) signalProcess(first, 'SIGKILL')
      await release(guest, killAll(guest))
      await removeRunDirectory(guest)
    },

    async remove(guest) {
      // A run of the agent that ended before it noted its guest has left one that nobody has stopped.
      await release(guest, killAll(guest))
      await removeTree(guest)
      released.delete(guest.containerId)
    },

    // No other speaks by its address: the rules hold each link to its own.
    isGuest: async ({ address }, { remoteAddress }) => address !== undefined && remoteAddress === address,
    usage: usageOf,
  }

  async function release(guest: GuestPlace, killed = Promise.resolve()): Promise<void> {
    if (guest.address !== undefined) roads.ended(guest.address)
    if (released.has(guest.containerId)) return killed
    await Promise.all([
      guest.address === undefined ? undefined : kept.disconnect(guest.address),
      killed.then(() => leaveCgroup(network.name, groupOf(guest))),
    ])
    released.add(guest.containerId)
  }
}

/** The guest's settings: its wire server is where agents of every vendor look for it, and it may bind every port. */
function inside(settings: GuestSettings): { readonly settings: GuestSettings; readonly wirePort: number } {
  return {
    settings: { ...settings, wireServer: `http://${wellKnownAddress}` },
    wirePort: Number(new URL(settings.wireServer).port),
  }
}

/** A guest that is started has an address and an owner: its goal has named them. */
function openedOf({ address, owner, open = [] }: GuestPlace): Opened {
  if (!address || !owner) throw new Error('assertion: a guest without an address or an owner')
  return { address, owner, open }
}

function groupOf({ containerId }: GuestPlace): string {
  return createHash('sha256').update(containerId).digest('hex').slice(0, digestDigits)
}

/** Number of the first process, as bwrap reports it; 0 when it ended before. */
async function childOf(said: Parameters<typeof text>[0]): Promise<number> {
  const [, pid] = /"child-pid":\s*(\d+)/.exec(await text(said)) ?? []
  return Number(pid ?? 0)
}
