import type { InstanceStatus, PowerState } from '../../service-model/instance-status.ts'
import { readAddress } from '../../service-model/subnet.ts'
import type { Answer, HostFacts, HostReport, InstanceReport } from './report.ts'
import { readHostSubnet } from './subnet.ts'

/** Longest key of an instance, and longest other name: two names of 260 characters. */
const nameLimit = 600

/** Longest sentence: what a guest may say (H-2), with what its host adds. */
const sentenceLimit = 8192

/** Most sentences about the roads of a host. Origin: choice; one cause is often said of each road. */
const troubleLimit = 20

/** Most instances of a host, many times more than any machine runs. */
const instanceLimit = 10_000

/** Longest piece of a log (GET log: at most 64 KiB), and longest path of this system. */
const textLimit = 64 * 1024
const pathLimit = 4096

const statuses: ReadonlySet<string> = new Set([
  'RoleStateUnknown',
  'Preparing',
  'CreatingVM',
  'StartingVM',
  'CreatingRole',
  'StartingRole',
  'BusyRole',
  'ReadyRole',
  'StoppingRole',
  'StoppingVM',
  'StoppedVM',
  'DeletingVM',
  'RestartingRole',
  'CyclingRole',
  'FailedStartingRole',
  'FailedStartingVM',
  'UnresponsiveRole',
] satisfies InstanceStatus[])

const powerStates: ReadonlySet<string> = new Set([
  'Starting',
  'Started',
  'Stopping',
  'Stopped',
  'Unknown',
] satisfies PowerState[])

type Fields = Readonly<Record<string, unknown>>

/** The facts in the body of a registration; undefined when a number, a name or a subnet is invalid. */
export function readHostFacts(body: unknown): Omit<HostFacts, 'name'> | undefined {
  if (!isRecord(body)) return undefined
  const { cores, memoryMB, diskMB, faultDomain, bootId, agentRun, firstPort, subnet, address } = body
  if (!isCount(cores) || !isCount(memoryMB) || !isCount(diskMB) || !isCount(faultDomain) || !isCount(firstPort))
    return undefined
  if (!isName(bootId) || !isName(agentRun) || !isSubnet(subnet) || !isAddress(address)) return undefined
  return {
    cores,
    memoryMB,
    diskMB,
    faultDomain,
    bootId,
    agentRun,
    firstPort,
    ...(subnet !== undefined && { subnet }),
    ...(address !== undefined && { address }),
  }
}

/**
 * The report in a body; undefined when it is none. An instance with an unusable entry is left out, so that the others on the host are heard. Long
 * sentences are cut.
 */
export function readHostReport(body: unknown): HostReport | undefined {
  if (!isRecord(body)) return undefined
  const { agentRun, number, goalVersion, complete, instances, gone, troubles, machines } = body
  const isolated = optionalText(body['isolated'])
  if (!isName(agentRun) || !isCount(number) || !isCount(goalVersion) || typeof complete !== 'boolean') return undefined
  if (!isShortList(instances) || !isShortList(gone)) return undefined
  return {
    agentRun,
    number,
    goalVersion,
    complete,
    instances: instances.flatMap((one) => (isRecord(one) ? (instanceOf(one) ?? []) : [])),
    gone: gone.filter(isName),
    ...(isolated !== undefined && { isolated }),
    ...(isShortList(troubles) && { troubles: sentencesOf(troubles) }),
    ...(isCount(machines) && { machines }),
  }
}

/** What a host found in a log, in a body; undefined when it is none. A text longer than a piece is cut. */
export function readHostAnswer(body: unknown): Answer | undefined {
  if (!isRecord(body)) return undefined
  const { logicalPath, realPath, text, nextOffset, known } = body
  if (!isPath(logicalPath) || !isPath(realPath) || typeof text !== 'string' || !isCount(nextOffset)) return undefined
  const names = isShortList(known) ? known.filter(isName) : undefined
  const answer: Whole<Answer> = { logicalPath, realPath, text: text.slice(0, textLimit), nextOffset, known: names }
  return answer
}

/** Every field is named, so that a new field of the contract is not silently lost here. */
type Whole<Told> = { readonly [Name in keyof Required<Told>]: Told[Name] }

function instanceOf(told: Fields): InstanceReport | undefined {
  const { key, revision, status, details, powerState, account, since, failures } = told
  if (!isName(key) || !isCount(revision) || !isCount(failures) || !isMoment(since)) return undefined
  if (typeof details !== 'string' || !isOneOf(statuses, status) || !isOneOf(powerStates, powerState)) return undefined
  const report: Whole<InstanceReport> = {
    key,
    revision,
    status: status as InstanceStatus,
    details: details.slice(0, sentenceLimit),
    errorCode: optionalText(told['errorCode']),
    powerState: powerState as PowerState,
    account: isCount(account) ? account : undefined,
    since,
    failures,
    address: isName(told['address']) ? told['address'] : undefined,
    prepared: optionalText(told['prepared']),
    prepareFault: optionalText(told['prepareFault']),
  }
  return report
}

/** The first of them, cut to the length of one: they are stored together. */
function sentencesOf(told: readonly unknown[]): readonly string[] {
  return told.slice(0, troubleLimit).flatMap((one) => optionalText(one) ?? [])
}

function optionalText(text: unknown): string | undefined {
  return typeof text === 'string' ? text.slice(0, sentenceLimit) : undefined
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isShortList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= instanceLimit
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= nameLimit
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.length <= pathLimit
}

function isSubnet(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && readHostSubnet(value) !== undefined)
}

function isAddress(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && !value.includes(':') && readAddress(value) !== undefined)
}

function isMoment(value: unknown): value is number {
  return Number.isFinite(value)
}

/** An exact whole number, at least 0. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isOneOf(words: ReadonlySet<string>, value: unknown): boolean {
  return typeof value === 'string' && words.has(value)
}
