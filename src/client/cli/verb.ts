import type { ParseArgsOptionsConfig } from 'node:util'
import { exitCodes, Failure } from '../failure.ts'
import type { Examine, LayOver } from '../packages/examine-facility.ts'
import type { MakeTemporaryDirectory, Pack } from '../packages/pack-facility.ts'
import type { Api } from '../service-management/api.ts'
import type { FoundFabric } from './sign-in.ts'
import type { Terminal } from './terminal.ts'

/** One verb of the command line: its form, its options, what it does. The table of them also prints the help. */
export interface Verb {
  /** `instance reboot`: one word, or two. */
  readonly name: string
  /** The words after the name, as design.md 5 writes them. */
  readonly form: string
  readonly about: string
  readonly options: ParseArgsOptionsConfig
  /** Least and most words besides the options. */
  readonly words: readonly [least: number, most: number]
  /** The words in our spelling, for a verb whose users come from a tool with another. */
  respelled?(words: readonly string[]): readonly string[]
  run(call: Call): Promise<void>
}

/** What a verb receives. */
export interface Call {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly terminal: Terminal
  readonly pack: Pack
  readonly layOver: LayOver
  readonly temporaryDirectory: MakeTemporaryDirectory
  readonly examine: Examine
  /** Signs in at the first use: `pack` and the help need no fabric. */
  readonly api: () => Api
  /** With what `api` signs in. */
  readonly signIn: () => FoundFabric
  /** Aborts at Ctrl-C. The fabric still carries out the request; only the watching ends. */
  readonly signal: AbortSignal
}

/** An option of type string; undefined when it was not given. */
export function option(call: Call, name: string): string | undefined {
  const value = call.options[name]
  return typeof value === 'string' ? value : undefined
}

export function flag(call: Call, name: string): boolean {
  return call.options[name] === true
}

/** An option of type string that may be given several times. */
export function list(call: Call, name: string): readonly string[] {
  const value = call.options[name]
  return Array.isArray(value) ? value.map(String) : []
}

/** An option without which the verb means nothing. Throws a Failure when it was not given. */
export function needed(call: Call, name: string): string {
  const value = option(call, name)
  if (value === undefined) throw new Failure(`--${name} is needed and was not given.`, exitCodes.wrongUse)
  return value
}

/** The value for a word of an option, in any case; undefined when it was not given. Throws a Failure that names the words. */
export function oneOf<Value>(call: Call, name: string, values: Readonly<Record<string, Value>>): Value | undefined {
  const asked = option(call, name)
  if (asked === undefined || Object.hasOwn(values, asked.toLowerCase())) return values[asked?.toLowerCase() ?? '']
  throw new Failure(`--${name} ${asked}: write one of ${Object.keys(values).join(', ')}.`, exitCodes.wrongUse)
}

/** `--slot`, production unless given; any case. */
export function slotOf(call: Call): 'Production' | 'Staging' {
  return oneOf(call, 'slot', { production: 'Production', staging: 'Staging' } as const) ?? 'Production'
}
