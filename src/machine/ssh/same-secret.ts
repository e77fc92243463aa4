import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether two texts are the same; the time does not depend on how much of them is. */
export function sameSecret(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(first as Buffer, second as Buffer)
}
