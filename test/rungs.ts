import { guestNetworkOf } from '../src/machine/guest/namespace/guest-network.ts'
import { lacksOf } from '../src/machine/guest/namespace/lacks.ts'

/** Why this machine cannot give guests namespaces of their own; false when it can. */
const without = (await lacksOf(guestNetworkOf('127.251.0.10'))).find(({ blocks }) => blocks)?.sentence ?? false

/** The ways in which guests can be kept apart, for tests that hold in each of them. `skip`: why this machine has not that one. */
export const rungs = [
  { isolation: 'process', skip: false },
  { isolation: 'namespace', skip: without },
] as const
