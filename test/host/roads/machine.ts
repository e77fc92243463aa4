/** A machine of the tests: a process in a network of its own that does there what a Host Agent's driver does. Its arguments are the wire address and the range of VIPs. */

import type { WantedRoads } from '../../../src/machine/guest/driver.ts'
import { guestNetworkOf } from '../../../src/machine/guest/namespace/guest-network.ts'
import { namespaceDriver } from '../../../src/machine/guest/namespace/namespace-driver.ts'
import { connectGuest, openNetwork } from '../../../src/machine/guest/namespace/network.ts'
import type { Admitted, Opened } from '../../../src/machine/guest/namespace/rules.ts'

const network = guestNetworkOf(process.argv[2] as string, process.argv[3])
let driver = namespaceDriver(network, [])

/** What it can be asked to do. */
const deeds = {
  open: () => openNetwork(network),
  lay: (wanted: WantedRoads) => driver.layRoads(wanted),
  stand: async () => driver.groundOfRoads().stands,
  connect: ({ guest, pid }: { readonly guest: Admitted & Opened; readonly pid: number }) =>
    connectGuest(network, guest, pid),
  /** As a Host Agent that is started again. */
  restart: async () => {
    driver = namespaceDriver(network, [])
    await openNetwork(network)
  },
  close: () => driver.close(),
}

export type Deeds = typeof deeds

interface Asked {
  readonly id: number
  readonly deed: keyof Deeds
  readonly with?: never
}

process.on('message', ({ id, deed, with: what }: Asked) => {
  const done = deeds[deed](what as never) as Promise<unknown>
  void done.then(
    (answer) => process.send?.({ id, answer }),
    (error: Error) => process.send?.({ id, failed: error.stack }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0 })
