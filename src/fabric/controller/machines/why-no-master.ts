import type { ClusterOptions } from '../options.ts'
import type { MachineRecord } from '../state/records/machine.ts'

/**
 * Why who was elected must not be master of these records, in one sentence; undefined when it may: they name its machine as a candidate, or a fabric
 * begins with it. After a restore a candidate of before may be elected in the new etcd, before the machine that was restored has brought the records.
 */
export function whyNoMaster(
  { machine, first }: Pick<ClusterOptions, 'machine' | 'first'>,
  records: readonly (readonly [key: string, record: unknown])[],
): string | undefined {
  const found = new Map(records)
  const own = found.get(`machine/${machine.toLowerCase()}`) as MachineRecord | undefined
  if (own?.controller) return undefined
  if (first && !found.has('authority/fabric')) return undefined
  return `the store, in which ${machine} was elected, does not name it as a candidate. When the fabric is being restored, start the machine on which it is restored; it tells this one what it is.`
}
