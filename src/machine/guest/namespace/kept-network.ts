import type { GuestNetwork } from './guest-network.ts'
import { connectGuest, disconnectGuest, openNetwork, openPorts } from './network.ts'
import type { Admitted, Opened } from './rules.ts'
import { closeNetwork } from './sweep.ts'
import { tables } from './tables.ts'

/**
 * The network of a host's guests. Somebody may clear all rules of the machine, as a firewall does that is loaded anew: then nobody holds guests to
 * theirs, and none reaches its wire server. Whoever finds them missing makes them again, with all that holds for the guests that are connected.
 */
export interface KeptNetwork {
  open(): Promise<void>
  /** No guest may run any more. */
  close(): Promise<void>
  /** Connects the network of process `pid`. */
  connect(guest: Admitted & Opened, pid: number, mtu?: number): Promise<void>
  /** `wirePort`: of its wire server; undefined: as it was. */
  openPorts(guest: Opened, wirePort: number | undefined): Promise<void>
  disconnect(address: string): Promise<void>
  /** Makes the rules again where they are missing. True: that has happened since this was last asked. */
  restore(): Promise<boolean>
}

export function keptNetwork(network: GuestNetwork): KeptNetwork {
  /** By address: connected by this run of the Host Agent, or their ports were opened by it. */
  const guests = new Map<string, Admitted & Opened>()
  let isOpen = false
  /** How often the rules were missing, and how many of these times are told. */
  let [restored, told] = [0, 0]
  let restoring: Promise<void> | undefined

  function restoreMissing(): Promise<void> {
    restoring ??= makeMissing().finally(() => {
      restoring = undefined
    })
    return restoring
  }

  async function makeMissing(): Promise<void> {
    if ((await tables()).includes(network.name) || !isOpen) return
    await openNetwork(network, [...guests.values()])
    restored += 1
  }

  /** Does it, and once more where it has failed because the rules were missing. */
  async function onRules(act: () => Promise<void>): Promise<void> {
    const before = restored
    try {
      await act()
    } catch (error) {
      await restoreMissing()
      if (restored === before) throw error
      await act()
    }
  }

  return {
    async open() {
      await openNetwork(network)
      isOpen = true
    },
    async close() {
      isOpen = false
      await restoring
      await closeNetwork(network)
    },
    connect(guest, pid, mtu) {
      guests.set(guest.address, guest)
      return onRules(() => connectGuest(network, guest, pid, mtu))
    },
    openPorts(guest, wirePort = guests.get(guest.address)?.wirePort) {
      if (wirePort !== undefined) guests.set(guest.address, { ...guest, wirePort })
      return onRules(() => openPorts(network, guest, wirePort))
    },
    disconnect(address) {
      guests.delete(address)
      return onRules(() => disconnectGuest(network, address))
    },
    async restore() {
      await restoreMissing()
      const isNews = restored > told
      told = restored
      return isNews
    },
  }
}
