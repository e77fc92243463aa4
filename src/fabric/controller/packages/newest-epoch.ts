/** Tells the newest master from those before it: whether one of that epoch is as new as any heard of. */
export function newestEpoch(own = 0): (epoch: number) => boolean {
  let newest = own
  return (epoch) => {
    if (!Number.isSafeInteger(epoch) || epoch < newest) return false
    newest = epoch
    return true
  }
}
