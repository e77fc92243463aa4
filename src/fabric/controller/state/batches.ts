import { batchLimits, type Write } from '../../../kernel/store.ts'

/** Groups of records packed into batches within the limits of the store; a group is never split, even when it alone exceeds them. */
export function batchesOf(groups: Iterable<readonly Write[]>): readonly (readonly Write[])[] {
  const batches: Write[][] = []
  let bytes = 0
  for (const group of groups) {
    const size = sizeOf(group)
    const last = batches.at(-1)
    if (last && last.length + group.length <= batchLimits.records && bytes + size <= batchLimits.bytes) {
      last.push(...group)
      bytes += size
    } else {
      batches.push([...group])
      bytes = size
    }
  }
  return batches
}

function sizeOf(group: readonly Write[]): number {
  return group.reduce((sum, { key, value }) => sum + key.length + (JSON.stringify(value)?.length ?? 0), 0)
}
