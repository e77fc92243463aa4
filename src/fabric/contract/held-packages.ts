/** What a candidate that stands by holds: `POST /packages/held` → HeldAnswer, certificate of the controller. */
export interface HeldReport {
  readonly machine: string
  /** SHA-256 of its packages. */
  readonly held: readonly string[]
}

export interface HeldAnswer {
  /** Of the master that answers: an older one is not obeyed. */
  readonly epoch: number
  /** Those of the report that nobody needs. */
  readonly drop: readonly string[]
}

/** Packages that a machine may hold; more than can be named in one report are none. Origin: choice, some hundred times what a pool has. */
const heldLimit = 10_000

const machineName = /^[a-zA-Z0-9-]{1,63}$/
const hash = /^[0-9a-f]{64}$/

/** Whether a text is a SHA-256 as packages are named by. */
export function isHash(text: string): boolean {
  return hash.test(text)
}

/** The report; undefined when the body is none. */
export function readHeldReport(body: unknown): HeldReport | undefined {
  if (typeof body !== 'object' || body === null || !('machine' in body) || !('held' in body)) return undefined
  const { machine, held } = body
  if (typeof machine !== 'string' || !machineName.test(machine)) return undefined
  if (!Array.isArray(held) || held.length > heldLimit) return undefined
  return held.every((one) => typeof one === 'string' && isHash(one)) ? { machine, held } : undefined
}

/** The answer; undefined when it is none. */
export function readHeldAnswer(body: unknown): HeldAnswer | undefined {
  if (typeof body !== 'object' || body === null || !('epoch' in body) || !('drop' in body)) return undefined
  const { epoch, drop } = body
  if (!Number.isSafeInteger(epoch) || !Array.isArray(drop)) return undefined
  return drop.every((one) => typeof one === 'string' && isHash(one)) ? { epoch: epoch as number, drop } : undefined
}
