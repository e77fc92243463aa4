import { isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { UpgradePolicy } from '../../fabric/contract/plan.ts'
import { optionWords } from '../../kernel/option-words.ts'
import { type Timers, timersWith } from '../../kernel/timers.ts'
import type { AskedIsolation } from './isolation.ts'
import { type JoinWords, joinWordsOf, type MachineWords, machineOptions, machineWordsOf } from './machine-words.ts'
import { formsOf } from './own-verbs.ts'
import { WrongUse } from './wrong-use.ts'

/** The options of `reddog up`, `reddog host join` or `reddog down` (design.md 5). */
export interface UpCommand {
  readonly verb: 'up' | 'down'
  /** Absolute. */
  readonly data: string
  /** Of a machine among several: absent, it is one. */
  readonly hosts?: number | undefined
  /** Of each host. */
  readonly cores: number
  /** Cores that the subscription may use in all; undefined: as it is, at first 20 (S-1). */
  readonly coreQuota?: number | undefined
  /** Undefined: two on one machine, and each of several machines is one of its own. */
  readonly faultDomains?: number | undefined
  /** Of the API; 0 asks for a free one. */
  readonly port: number
  /** Of the portal on this machine; 0 asks for a free one, undefined for the one after the API's, or a free one when that is taken. */
  readonly portalPort?: number | undefined
  /** Where the portal serves other machines too. */
  readonly portalAddress?: PortalAddress | undefined
  readonly timers: Timers
  /** The same as they were written: `NAME=DURATION`. */
  readonly timerOverrides: readonly string[]
  /** Which changes of the definition an in-place upgrade may make: the operator's choice (U-6). */
  readonly policy: UpgradePolicy
  /** Blob services beside the fabric's own from which packages may come, and to which they may be written (B-1). */
  readonly permittedBlobHosts: readonly string[]
  /** How guests are to be separated (design.md 4). */
  readonly isolation: AskedIsolation
  /** Program of another vendor that guests run instead of WaAppAgent (wire-server.md 2). */
  readonly guestAgent?: string | undefined
  /** What is said of this machine, as one of several. */
  readonly machine: MachineWords
  /** The fabric that it is to join before it comes up. */
  readonly join?: JoinWords | undefined
  /** Whether its parts are to run under accounts of their own. */
  readonly accounts?: boolean | undefined
  /** Whether a running `up` is killed, and what it runs goes on under this one. */
  readonly takesOver: boolean
  readonly json: boolean
}

/** Where others reach the portal: over https, with a management certificate. */
export interface PortalAddress {
  /** Name or address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/** Port of the API when none is asked for. */
const defaultPort = 8440

/** Port of the portal for other machines when none is named. */
const defaultPortalAddressPort = 8442

/** Each host has an address of its own in one /24 of the fabric's network. */
const mostHosts = 200

/** Of one host. Origin: choice. */
const mostCores = 4096

const usage = formsOf('up', 'host join', 'down')

/** Reads the words after `reddog`. Throws a WrongUse when they are not a command. */
export function readUpCommand(words: readonly string[]): UpCommand {
  const { values, positionals } = parsed(words)
  const [verb, ...rest] = positionals
  const joins = verb === 'host' && rest[0] === 'join' && rest.length === 2
  if (!joins && ((verb !== 'up' && verb !== 'down') || rest.length > 0))
    throw new WrongUse(`"${words.join(' ')}" was asked. Write:\n${usage}`)
  return {
    verb: verb === 'down' ? 'down' : 'up',
    machine: machineWordsOf(values),
    join: joinWordsOf(joins ? rest[1] : undefined, values),
    data: directoryNamed(values.data),
    hosts: values.hosts === undefined ? undefined : wholeNumber('--hosts', values.hosts, 1, mostHosts),
    cores: wholeNumber('--cores', values.cores, 1, mostCores),
    coreQuota:
      values['core-quota'] === undefined
        ? undefined
        : wholeNumber('--core-quota', values['core-quota'], 1, mostHosts * mostCores),
    faultDomains:
      values['fault-domains'] === undefined
        ? undefined
        : wholeNumber('--fault-domains', values['fault-domains'], 1, mostHosts),
    port: wholeNumber('--port', values.port, 0, 65_535),
    portalPort: portalPortNamed(values['portal-port']),
    portalAddress: portalAddressNamed(values['portal-address']),
    timers: timersNamed(values.timer),
    timerOverrides: values.timer,
    policy: policyNamed(values.policy),
    permittedBlobHosts: values['permit-blob-host'].map(blobHost),
    isolation: isolationNamed(values.isolation),
    guestAgent: values['guest-agent'],
    accounts: values.accounts,
    takesOver: values['take-over'],
    json: values.json,
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        data: { type: 'string', default: '.reddog' },
        hosts: { type: 'string' },
        cores: { type: 'string', default: '8' },
        'core-quota': { type: 'string' },
        'fault-domains': { type: 'string' },
        port: { type: 'string', default: String(defaultPort) },
        'portal-port': { type: 'string' },
        'portal-address': { type: 'string' },
        timer: { type: 'string', multiple: true, default: [] },
        policy: { type: 'string', default: 'sameModel' },
        'permit-blob-host': { type: 'string', multiple: true, default: [] },
        isolation: { type: 'string', default: 'auto' },
        'guest-agent': { type: 'string' },
        accounts: { type: 'boolean', default: false },
        ...machineOptions,
        'take-over': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new WrongUse(`${optionWords(error as Error)} Write:\n${usage}`)
  }
}

function portalPortNamed(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber('--portal-port', text, 0, 65_535)
}

/** A name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port. */
const portalAddressForm = /^(?:\[([a-f\d:.]{2,45})\]|([a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?))(?::(\d{1,5}))?$/i

function portalAddressNamed(text: string | undefined): PortalAddress | undefined {
  if (text === undefined) return undefined
  const [form, bracketed, plain = '', port = String(defaultPortalAddressPort)] = portalAddressForm.exec(text) ?? []
  const host = (bracketed ?? plain).toLowerCase()
  const isEverywhere = /^(?:0x|::ffff:)?[0:.]+$/.test(host)
  if (
    form === undefined ||
    isEverywhere ||
    (bracketed !== undefined && !isIPv6(host)) ||
    Number(port) > 65_535 ||
    Number(port) === 0
  )
    throw new WrongUse(
      `--portal-address ${text}: write the one address of this machine at which others reach it, with a port if it is not to be ${defaultPortalAddressPort}, such as 192.0.2.7:8442, [2001:db8::7] or reddog.example.`,
    )
  return { host, port: Number(port) }
}

function directoryNamed(text: string): string {
  if (text === '') throw new WrongUse('--data is empty. Name a directory.')
  return resolve(text)
}

function timersNamed(overrides: readonly string[]): Timers {
  try {
    return timersWith(overrides)
  } catch (error) {
    throw new WrongUse((error as Error).message)
  }
}

const policies: readonly UpgradePolicy[] = ['sameModel', 'relaxed2011']

const isolations: readonly AskedIsolation[] = ['auto', 'namespace', 'process']

function policyNamed(text: string): UpgradePolicy {
  const policy = policies.find((known) => known === text)
  if (!policy) throw new WrongUse(`--policy ${text}: no policy is called so. Policies: ${policies.join(', ')}.`)
  return policy
}

function isolationNamed(text: string): AskedIsolation {
  const isolation = isolations.find((known) => known === text)
  if (!isolation) throw new WrongUse(`--isolation ${text}: write one of ${isolations.join(', ')}.`)
  return isolation
}

/** A host name or address, IPv6 in brackets, or `*.` with the end of names, and perhaps a port. */
const blobHostForm = /^(?:\[([a-f\d:.]+)\]|(?:\*\.)?[a-z\d](?:[a-z\d.-]*[a-z\d])?)(?::(\d{1,5}))?$/i

function blobHost(text: string): string {
  const [form, address = '::', port = '1'] = blobHostForm.exec(text) ?? []
  if (form === undefined || !isIPv6(address) || Number(port) > 65_535)
    throw new WrongUse(
      `--permit-blob-host ${text}: write a host with its port if it has one of its own, such as blobs.example:10000 or [::1]:10000, or *.blob.example for all below it.`,
    )
  // As in a URL: one address can be written in many ways.
  return form.replace(/\[.*\]/, (host) => new URL(`http://${host}`).hostname).toLowerCase()
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new WrongUse(`${option} ${text}: a whole number from ${least} to ${most} is needed.`)
  return value
}
