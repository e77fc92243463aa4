import { longestTimerMs } from '../../kernel/timers.ts'
import { readAddress, readSubnet } from '../../service-model/subnet.ts'
import type { RotationTable } from './rotation.ts'

/**
 * A rotation table as it came over the wire or from a saved copy; undefined when it is none. Endpoints with a value that a socket or a timer would
 * refuse are left out and named in `unreadable`: one tenant's bad value must not stop service for the others.
 */
export function readRotation(given: unknown): RotationTable | undefined {
  if (!isRecord(given) || !Array.isArray(given['endpoints']) || count(given['version'])) return undefined
  const former = isRecord(given['unreadable']) ? Object.entries(given['unreadable']) : []
  const unreadable = former.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const endpoints = given['endpoints'].filter((one: unknown, index) => {
    const wrong = endpoint(one)
    if (wrong)
      unreadable.push([idOf(one) ?? `number ${index} of the table`, `The endpoint cannot be served: ${wrong}.`])
    return wrong === undefined
  }) as RotationTable['endpoints']
  const { version } = given as unknown as RotationTable
  return { version, endpoints, ...(unreadable.length > 0 && { unreadable: Object.fromEntries(unreadable) }) }
}

/** What is wrong with a value; undefined when nothing is. */
type Check = (value: unknown) => string | undefined

const lastPort = 65_535

/** A name of DNS has at most 253 characters; an ID here is made of names, each of which has its own bound (service-model.md 1). */
const longestText = 4_096

const count: Check = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'is no count')
const text: Check = (value) =>
  typeof value === 'string' && value.length <= longestText ? undefined : 'is no text of a usual length'
const address: Check = (value) =>
  typeof value === 'string' && !value.includes('%') && readAddress(value) ? undefined : 'is no IP address'
const subnet: Check = (value) => (typeof value === 'string' && readSubnet(value) ? undefined : 'is no subnet')
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false')
const port = within(1, lastPort)
const duration = within(0, longestTimerMs)

const probe = record({
  protocol: one('http', 'tcp'),
  address,
  port,
  path: optional(text),
  intervalMs: duration,
  timeoutMs: duration,
})

const member = record({
  instance: text,
  address,
  port,
  account: optional(count),
  state: one('in', 'draining', 'out'),
  isToldClient: optional(flag),
  probe: optional(probe),
})

const endpoint = record({
  id: text,
  vip: address,
  port,
  protocol: one('http', 'https', 'tcp', 'udp'),
  hostNames: list(text),
  distribution: one('sourceIP', 'sourceIPProtocol', 'none'),
  idleTimeoutMs: duration,
  acl: optional(list(record({ action: one('permit', 'deny'), remoteSubnet: subnet }))),
  members: list(member),
})

function within(min: number, max: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `is no whole number from ${min} to ${max}`
}

function one(...words: readonly string[]): Check {
  return (value) => (words.includes(value as string) ? undefined : `is none of ${words.join(', ')}`)
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value))
}

function list(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return 'is no list'
    for (const [index, item] of value.entries()) {
      const wrong = check(item)
      if (wrong) return `its number ${index}: ${wrong}`
    }
    return undefined
  }
}

function record(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isRecord(value)) return 'is no record'
    for (const [name, check] of Object.entries(checks)) {
      const wrong = check(Object.hasOwn(value, name) ? value[name] : undefined)
      if (wrong) return `${name} ${wrong}`
    }
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(value: unknown): string | undefined {
  return isRecord(value) && text(value['id']) === undefined ? (value['id'] as string) : undefined
}
