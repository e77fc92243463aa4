import { isIPv4 } from 'node:net'
import { resolve } from 'node:path'
import { readVipRange } from '../../fabric/contract/vip-range.ts'
import { controllerPort } from '../cluster/ports.ts'
import { readToken, type Token } from './join/token.ts'
import { secretLine } from './secret-line.ts'
import { WrongUse } from './wrong-use.ts'

/** What the command line says of a machine as one of several (docs/decisions/several-machines.md). */
export interface MachineWords {
  /** It is the first machine of a fabric of several. */
  readonly cluster: boolean
  readonly name?: string | undefined
  /** IPv4, where the other machines reach it; absent: the source address of the default route. */
  readonly address?: string | undefined
  /** `FIRST-LAST` or CIDR. */
  readonly vipRange?: string | undefined
  /** An etcd that is there, instead of members of the fabric's own. */
  readonly etcd?: { readonly urls: readonly string[]; readonly tlsDirectory: string } | undefined
  /** Path of the account that packages come from, instead of the Blob service that comes with the fabric. */
  readonly blobAccount?: string | undefined
}

/** What `host join` says beside that. */
export interface JoinWords {
  /** A machine with a controller; any will do. */
  readonly at: { readonly address: string; readonly port: number }
  readonly token: Token
  readonly controller: boolean
}

export const machineOptions = {
  cluster: { type: 'boolean', default: false },
  machine: { type: 'string' },
  address: { type: 'string' },
  'vip-range': { type: 'string' },
  etcd: { type: 'string', multiple: true, default: [] as string[] },
  'etcd-tls': { type: 'string' },
  'blob-account': { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  controller: { type: 'boolean', default: false },
} as const

/** Their values, as `parseArgs` has them. */
interface MachineValues {
  readonly cluster: boolean
  readonly machine?: string | undefined
  readonly address?: string | undefined
  readonly 'vip-range'?: string | undefined
  readonly etcd: readonly string[]
  readonly 'etcd-tls'?: string | undefined
  readonly 'blob-account'?: string | undefined
  readonly token?: string | undefined
  readonly 'token-file'?: string | undefined
  readonly controller: boolean
}

/** Throws a WrongUse. */
export function machineWordsOf(values: MachineValues): MachineWords {
  const { 'blob-account': account } = values
  return {
    cluster: values.cluster,
    name: values.machine === undefined ? undefined : machineName(values.machine),
    address: values.address === undefined ? undefined : plainAddress('--address', values.address),
    vipRange: values['vip-range'] === undefined ? undefined : vipRange(values['vip-range']),
    etcd: etcdNamed(values.etcd, values['etcd-tls']),
    blobAccount: account === undefined ? undefined : resolve(account),
  }
}

/** Throws a WrongUse. `place` is where the fabric is; undefined when nobody joins. */
export function joinWordsOf(place: string | undefined, values: MachineValues): JoinWords | undefined {
  if (place === undefined) {
    for (const option of ['token', 'token-file', 'controller'] as const)
      if (values[option]) throw new WrongUse(`--${option} belongs to: reddog host join ADDRESS --token-file FILE`)
    return undefined
  }
  for (const [option, given] of [
    ['--cluster', values.cluster],
    ['--vip-range', values['vip-range'] !== undefined],
    ['--blob-account', values['blob-account'] !== undefined],
  ] as const)
    if (given) throw new WrongUse(`${option} is said to the first machine alone; who joins learns it from there.`)
  const at = placeNamed(place)
  return { at, token: tokenNamed(values), controller: values.controller }
}

function tokenNamed({ token, 'token-file': file }: MachineValues): Token {
  if (token !== undefined && file !== undefined) throw new WrongUse('Write --token-file or --token, not both.')
  if (token !== undefined) return readToken(token)
  if (file !== undefined) return readToken(secretLine(file, 'Token'))
  throw new WrongUse(
    'A token is needed: "reddog host token" on a machine of the fabric prints one. Name a file whose first line it is with --token-file FILE, or - for standard input.',
  )
}

const nameForm = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i

/** Whether a machine can be called so: letters, digits and hyphens, 63 at most. */
export function isMachineName(text: string): boolean {
  return nameForm.test(text)
}

function machineName(text: string): string {
  if (!isMachineName(text))
    throw new WrongUse(
      `--machine ${text}: a name has letters, digits and hyphens, 63 at most, and no hyphen at its ends.`,
    )
  return text
}

function plainAddress(option: string, text: string): string {
  if (!isIPv4(text) || text === '0.0.0.0')
    throw new WrongUse(
      `${option} ${text}: write the IPv4 address at which other machines reach this one, such as 192.0.2.7.`,
    )
  return text
}

function placeNamed(text: string): JoinWords['at'] {
  const [, address = '', port = String(controllerPort)] = /^([\d.]{7,15})(?::(\d{1,5}))?$/.exec(text) ?? []
  if (!isIPv4(address) || Number(port) === 0 || Number(port) > 65_535)
    throw new WrongUse(`host join ${text}: write the address of a machine that has a controller, such as 192.0.2.7.`)
  return { address, port: Number(port) }
}

function vipRange(text: string): string {
  const read = readVipRange(text)
  if (!read.ok) throw new WrongUse(`--vip-range: ${read.fault.message}`)
  return text
}

function etcdNamed(urls: readonly string[], directory: string | undefined): MachineWords['etcd'] {
  if (urls.length === 0 && directory === undefined) return undefined
  if (urls.length === 0 || directory === undefined)
    throw new WrongUse(
      '--etcd URL (repeatable) and --etcd-tls DIR belong together: the directory has ca.pem, client.pem and client.key.',
    )
  for (const url of urls)
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:' || new URL(url).pathname !== '/')
      throw new WrongUse(`--etcd ${url}: write https://HOST:PORT, the address at which etcd serves clients.`)
  return { urls: urls.map((url) => new URL(url).origin), tlsDirectory: resolve(directory) }
}
