import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Account, hasAccount } from './accounts.ts'
import type { Places } from './data-directory.ts'

/** One process of the building. */
export interface Member {
  /** `HostAgent-host1`: names its files under `run/` and `logs/`. */
  readonly name: string
  /** First word of its command line (F-23). */
  readonly title: string
  /** What Node runs: a bundle, or the program of a library. */
  readonly program: string
  /** Whether that is a program of its own, without Node. It has `args`, and of our environment PATH alone. */
  readonly native?: boolean | undefined
  /** Arguments after the program. A member with `options` gets the path of its options file instead. */
  readonly args?: readonly string[]
  readonly options?: object
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly nodeFlags?: readonly string[]
  /** Whether it lives in the namespaces of the fabric, where that has some. */
  readonly inside?: boolean | undefined
  /** The program that this member runs and starts anew at SIGHUP, as its file says (`programFile`): it is replaced while its member stays. */
  readonly runs?: Member
  /** Under which it runs; undefined: that of `up`. */
  readonly account?: Account | undefined
  /** Asks it to end for good. Members next to each other in the list that have the same title are stopped together. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
  /** Ends it where the start fails that has begun it, instead of SIGTERM: with SIGTERM it would leave what its next run goes on with. */
  readonly failedSignal?: 'SIGINT' | undefined
  /** Whether it may be without a controller for a while, which is on another machine: the others start all the same. */
  readonly waitsForOthers?: boolean | undefined
  /** Whether it is stopped before all others, since another machine takes its place; asked when it comes to that. */
  stopsFirst?(): boolean
  /** Whether it serves now. */
  ready(): boolean | Promise<boolean>
}

export function optionsFile(places: Places, name: string): string {
  return join(places.run, `${name}.json`)
}

/** How the program `name`, which another member runs, is to be started: a HeldProgram. */
export function programFile(places: Places, name: string): string {
  return join(places.run, `${name}.program.json`)
}

/** The file that a member writes when it serves: `{"ready":true, …}`. */
export function readyFile(places: Places, name: string): string {
  return join(ownPlace(places, 'run', name), `${name}.ready`)
}

/** For members that say in their ready file that they serve. */
export function saysReady(places: Places, name: string): () => boolean {
  return () => existsSync(readyFile(places, name))
}

export function outputFile(places: Places, name: string): string {
  return join(places.logs, `${name}.out`)
}

/** What the member itself logs, and appends to under its own name. */
export function logFile(places: Places, name: string, file = `${name}.log`): string {
  return join(ownPlace(places, 'logs', name), file)
}

/** Where it makes files below `run` or `logs`: nobody else writes, and so nobody plants links, where it has an account of its own. */
export function ownPlace(places: Places, place: 'run' | 'logs', name: string): string {
  return places.accounts && hasAccount(name) ? join(places[place], name) : places[place]
}
