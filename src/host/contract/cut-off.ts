/**
 * Whether `part` machines of `all`, which reach one another and no master, have to take themselves for cut off (H-38): one alone, and fewer than half.
 * Hosts stop their guests by it, and a controller heals hosts that are away by it: where they may run on, it does not.
 */
export function isCutOff(part: number, all: number): boolean {
  return part === 1 || 2 * part < all
}
