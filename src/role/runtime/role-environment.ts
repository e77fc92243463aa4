import { readFileSync } from 'node:fs'
import { own } from '../../kernel/own.ts'
import {
  type RoleEnvironment as Environment,
  type PeerInstance,
  readRoleEnvironment,
} from '../../service-model/role-environment.ts'
import type { ServerMessage } from '../contract/messages.ts'
import { roleVariables } from '../contract/variables.ts'
import { changesBetween, parted } from './changes.ts'
import { connectRuntime, type RuntimeConnection } from './connection.ts'
import { createEventTable, type EventTable } from './events.ts'

/** A directory of local storage. */
export interface LocalResource {
  readonly name: string
  /** Absolute, with a trailing separator. */
  readonly rootPath: string
  readonly maximumSizeInMegabytes: number
}

/** What a role process knows about its instance and its peers (role-runtime.md 8). Values are those of the newest accepted configuration. */
export interface RoleEnvironment extends Pick<EventTable, 'on' | 'off'> {
  /** Whether this process runs in a role instance. Nothing else may be asked when it does not. */
  readonly isAvailable: boolean
  readonly isEmulated: boolean
  readonly deploymentId: string
  readonly currentRoleInstance: Environment['currentInstance']
  /** Roles with an internal endpoint, by name, each with all its instances. */
  readonly roles: Readonly<Record<string, readonly PeerInstance[]>>
  /** Throws a RangeError for a setting that the definition does not name. */
  readonly getConfigurationSettingValue: (name: string) => string
  /** Throws a RangeError for local storage that the definition does not name. */
  readonly getLocalResource: (name: string) => LocalResource
  /** Asks for a graceful stop and a new start of this instance (H-33). */
  readonly requestRecycle: () => Promise<void>
}

/** The environment as the host process holds it: it also answers the runtime. */
export interface HostedRoleEnvironment extends RoleEnvironment {
  /** Connects to the runtime, once; messages that are the host's business go to `receive`. */
  readonly connect: (host?: (message: ServerMessage) => void) => Promise<RuntimeConnection>
  readonly raiseStopping: () => Promise<void>
}

/** The role environment of this process: read from the file named by its environment, then followed over the runtime's socket. */
export function createRoleEnvironment(variables: NodeJS.ProcessEnv): HostedRoleEnvironment {
  const versionEndpoint = variables[roleVariables.runtimeEndpoint]
  const firstPath = variables[roleVariables.roleEnvironment]
  const events = createEventTable()
  let current = firstPath === undefined ? undefined : readFile(firstPath)
  let connection: Promise<RuntimeConnection> | undefined

  function environment(): Environment {
    if (!current)
      throw new Error(
        `The role environment was asked for in a process that is no part of a role instance: ${roleVariables.roleEnvironment} is not set. Ask isAvailable first.`,
      )
    return current
  }

  function connect(host?: (message: ServerMessage) => void): Promise<RuntimeConnection> {
    if (versionEndpoint === undefined)
      return Promise.reject(new Error(`There is no runtime here: ${roleVariables.runtimeEndpoint} is not set.`))
    connection ??= connectRuntime(versionEndpoint, { host: host !== undefined }, (message) => {
      void follow(message)
      if (host) host(message)
      else if (message.kind === 'stop') void leave()
    })
    return connection
  }

  async function follow(message: ServerMessage): Promise<void> {
    const answer = (await connection) as RuntimeConnection
    if (message.kind === 'statusCheck') {
      let busy = false
      await events.raise('statusCheck', { setBusy: () => void (busy = true) })
      await answer.send({ kind: 'status', id: message.id, busy })
    }
    if (message.kind === 'changing') {
      const { incarnation, path, simultaneous } = message
      const { together, changes } = parted(changesBetween(environment(), readFile(path)), simultaneous)
      if (together.length > 0) await events.raise('simultaneousChanging', { changes: together })
      const event = { changes, cancel: false }
      if (changes.length > 0) await events.raise('changing', event)
      await answer.send({ kind: 'changingEnded', incarnation, cancel: event.cancel })
    }
    if (message.kind === 'changed') {
      const { incarnation, path, simultaneous } = message
      const before = environment()
      current = readFile(path)
      const { together, changes } = parted(changesBetween(before, current), simultaneous)
      if (together.length > 0) await events.raise('simultaneousChanged', { changes: together })
      if (changes.length > 0) await events.raise('changed', { changes })
      await answer.send({ kind: 'changedEnded', incarnation })
    }
    if (message.kind === 'environment') current = readFile(message.path)
  }

  /** In a program of its own the listeners are all that a stop concerns; SIGTERM follows the answer. */
  async function leave(): Promise<void> {
    await events.raise('stopping', {})
    await ((await connection) as RuntimeConnection).send({ kind: 'stopped' })
  }

  return {
    on(name, listener) {
      events.on(name, listener)
      // A listener needs the connection; if the runtime has just ended, this process ends by itself.
      if (versionEndpoint !== undefined) connect().catch(() => {})
    },
    off: events.off,
    connect,
    raiseStopping: () => events.raise('stopping', {}),
    get isAvailable() {
      return current !== undefined && versionEndpoint !== undefined
    },
    get isEmulated() {
      return environment().emulated
    },
    get deploymentId() {
      return environment().deploymentId
    },
    get currentRoleInstance() {
      return environment().currentInstance
    },
    get roles() {
      return Object.fromEntries(environment().roles.map(({ name, instances }) => [name, instances]))
    },
    getConfigurationSettingValue(name) {
      const { settings } = environment().currentInstance
      return own(settings, name) ?? unknown('setting', name, Object.keys(settings))
    },
    getLocalResource(name) {
      const { localResources } = environment().currentInstance
      const found = localResources.find((resource) => resource.name === name)
      if (!found)
        return unknown(
          'local storage',
          name,
          localResources.map((resource) => resource.name),
        )
      return { name, rootPath: found.path, maximumSizeInMegabytes: found.sizeInMB }
    },
    async requestRecycle() {
      await (await connect()).send({ kind: 'requestRecycle' })
    },
  }
}

function readFile(path: string): Environment {
  return readRoleEnvironment(readFileSync(path, 'utf8'))
}

function unknown(kind: string, name: string, known: readonly string[]): never {
  throw new RangeError(`No ${kind} is called "${name}" in this role. There are: ${known.join(', ') || 'none'}.`)
}
