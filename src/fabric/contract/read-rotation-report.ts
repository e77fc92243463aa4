import type { RotationReport } from './rotation.ts'

/** Longest ID: made of names, each of which has its own bound (service-model.md 1); and longest sentence. */
const longestText = 4_096

/** Most instances and endpoints of a balancer, many times more than a pool has. */
const most = 100_000

const lastPort = 65_535

/**
 * What the load balancer says in a body; undefined unless it says who it is and what it serves. Other values of a wrong type are left out, and the
 * rest is used. Long sentences are cut.
 */
export function readRotationReport(given: unknown): RotationReport | undefined {
  if (!isRecord(given)) return undefined
  const { balancer, acknowledged, drained, boundPorts, probedOut, failed, takenVips } = given
  if (!isText(balancer) || !isWhole(acknowledged)) return undefined
  return {
    balancer,
    acknowledged,
    drained: Array.isArray(drained) ? drained.slice(0, most).filter(isText) : [],
    boundPorts: entries(boundPorts, (port) => (isWhole(port) && port > 0 && port <= lastPort ? port : undefined)),
    probedOut: entries(probedOut, sentence),
    failed: entries(failed, sentence),
    ...(takenVips === undefined ? {} : { takenVips: entries(takenVips, sentence) }),
  }
}

function entries<Value>(given: unknown, read: (value: unknown) => Value | undefined): Readonly<Record<string, Value>> {
  if (!isRecord(given)) return {}
  const found = Object.entries(given).slice(0, most)
  return Object.fromEntries(
    found.flatMap(([key, value]) => {
      const known = read(value)
      return isText(key) && known !== undefined ? [[key, known] as const] : []
    }),
  )
}

function sentence(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, longestText) : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
