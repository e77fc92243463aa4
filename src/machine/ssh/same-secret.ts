import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether two texts are the same; how long it takes does not say how much of them is. */
export function sameSecret(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(first as Buffer, second as Buffer)
}
