import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { recordedProcess, recordStarted, saveProcessRecord } from '../building/process-record.ts'
import { asRootOfNamespaces } from '../guest/namespace/as-root-of-namespaces.ts'
import { searchPath } from '../guest/namespace/tool.ts'
import { signalProcess, startWithPipes } from '../process.ts'
import { inhabitant, keeperTitle } from './enter.ts'

/** Below all members: it is the last to end. */
export const lowestPlace = -1

/** Reports when the loopback network is up, and sleeps. Packets of guests are forwarded by any interface that leads out, once there is one. */
const keep =
  'ip link set lo up && echo 1 >/proc/sys/net/ipv4/ip_forward && echo up >&3 && exec sleep infinity 3>&- 4>&- 5>&-'

/**
 * Makes the namespaces of user and network of an ordinary user's fabric, unless a process lives in them; true when it made them. Rejects with one
 * sentence when the system refuses.
 */
export async function openNamespaces(run: string, logs: string): Promise<boolean> {
  if (inhabitant(run)) return false
  const output = join(logs, `${keeperTitle}.out`)
  const [file, ...words] = asRootOfNamespaces
  const keeper = startWithPipes({
    file,
    args: [...words, 'sh', '-c', keep],
    title: keeperTitle,
    cwd: '/',
    env: { PATH: searchPath() },
    output,
  })
  const { identity } = keeper
  // Before it is waited for: who is killed meanwhile leaves one that the next finds.
  await recordStarted(keeper, () =>
    saveProcessRecord({ run }, keeperTitle, {
      identity,
      digest: '',
      title: keeperTitle,
      stopSignal: 'SIGTERM',
      place: lowestPlace,
    }),
  )
  if ((await text(keeper.said)) !== 'up\n')
    throw new Error(`The fabric has no namespaces of its own; what unshare says is in ${output}.`)
  return true
}

/** They go when nobody lives in them any more. */
export function closeNamespaces(run: string): void {
  const keeper = recordedProcess({ run }, keeperTitle)
  if (keeper) signalProcess(keeper.record.identity, 'SIGTERM')
}
