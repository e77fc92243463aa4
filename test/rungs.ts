import { spawnSync } from 'node:child_process'
import { asRootOfNamespaces } from '../src/machine/guest/namespace/as-root-of-namespaces.ts'
import { guestNetworkOf } from '../src/machine/guest/namespace/guest-network.ts'
import { lacksOf } from '../src/machine/guest/namespace/lacks.ts'

/** Why this machine cannot give guests namespaces of their own; false when it can. */
const without = (await lacksOf(guestNetworkOf('127.251.0.10'))).find(({ blocks }) => blocks)?.sentence ?? false

/** An account of this machine that nobody has. */
export const ordinary = 54_321

/** The accounts under which this machine can run a fabric whose guests have namespaces; undefined: our own. */
export const accountsWithNamespaces: readonly (number | undefined)[] = [
  ...(without === false ? [undefined] : []),
  ...(process.getuid?.() === 0 && givesNamespaces(ordinary) ? [ordinary] : []),
]

/** Whether that account may make namespaces and what guests need in them. */
function givesNamespaces(account: number): boolean {
  const [file, ...words] = asRootOfNamespaces
  return spawnSync(file, [...words, 'nft', '-c', 'add table ip trial'], { uid: account, gid: account }).status === 0
}

/** The ways in which guests can be kept apart, for tests that hold in each of them. `skip`: why this machine has not that one. */
export const rungs = [
  { isolation: 'process', skip: false },
  { isolation: 'namespace', skip: without },
] as const
