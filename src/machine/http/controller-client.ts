import type { IncomingMessage } from 'node:http'
import { machinePaths, type NotMaster } from '../../fabric/contract/machines.ts'
import { party } from '../../fabric/contract/paths.ts'
import { answered, type ControllerChoice, failed, firstChoice, listed } from '../../kernel/controller-choice.ts'
import { type ControllerPlaces, controllerList } from './controller-list.ts'
import { type JsonClient, type JsonReply, type JsonRequest, untimelyStatus } from './json-client.ts'

/** The name in a controller's certificate: other parties of the authority serve too, and are not to be taken for it. */
export const controllerName = party.controller

/** A question to whichever controller is master. */
export interface ControllerRequest extends Omit<JsonRequest, 'url'> {
  readonly path: string
  /** For how long the controller may hold its answer, in milliseconds; absent: not at all. */
  readonly waitMs?: number | undefined
}

/** The fabric controller, whichever machine it is on. */
export interface ControllerClient {
  /** As of a JsonClient. When the one that answered last does not, or is no master any more, the master is looked for once; callers come again. */
  request<Value>(asked: ControllerRequest): Promise<JsonReply<Value>>
  /** The answer as a stream. Rejects unless an answer with status 200 came. */
  open(asked: ControllerRequest): Promise<IncomingMessage>
}

/**
 * Of several controllers, one that is silent for so long, beside the time for which it may hold an answer, is not waited for any longer, in
 * milliseconds. Origin: choice, above the time in which a master without quorum answers.
 */
const silentMs = 3_000

/** For one look who is master, in milliseconds. Origin: choice; a new one is to be found within a second. */
const lookLimitMs = 500

export function openControllerClient(client: JsonClient, places: ControllerPlaces): ControllerClient {
  const list = controllerList(places)
  let choice = firstChoice(list())
  /** False: it did not answer, or is no master, and no other was found. */
  let isSure = true
  /** Ends what still waits for the present choice, when another has answered. */
  let leaving = new AbortController()
  let looking: Promise<JsonReply<undefined>> | undefined

  function learn(next: ControllerChoice): void {
    const former = choice.current
    choice = listed(next, list())
    if (choice.current === former) return
    leaving.abort()
    leaving = new AbortController()
  }

  async function attempt<Value>({ path, waitMs = 0, ...asked }: ControllerRequest): Promise<JsonReply<Value>> {
    const to = choice.current
    const signal = asked.signal ? AbortSignal.any([asked.signal, leaving.signal]) : leaving.signal
    const timeoutMs = Math.min(asked.timeoutMs, waitMs + silentMs)
    const reply = await client.request<Value>({ ...asked, url: to + path, signal, timeoutMs })
    const { master } = reply.ok ? {} : (reply.fault as Partial<NotMaster>)
    if (master !== undefined) learn(failed(choice, to, master))
    return reply
  }

  /** Asks all of them at once. Resolves with the master's answer as soon as it comes, else with the one that says most. */
  function look(): Promise<JsonReply<undefined>> {
    const replies = choice.known.map(async (url) => {
      const reply = await client.request<undefined>({ url: url + machinePaths.master, timeoutMs: lookLimitMs })
      if (reply.ok) learn(answered(choice, url))
      return reply
    })
    const masters = replies.map(async (reply) => ((await reply).ok ? reply : new Promise<never>(() => {})))
    return Promise.race([...masters, Promise.all(replies).then(mostTelling)])
  }

  async function request<Value>(asked: ControllerRequest): Promise<JsonReply<Value>> {
    learn(choice)
    const { path, ...rest } = asked
    if (choice.known.length === 1) return client.request({ ...rest, url: choice.current + path })
    const first = isSure ? await attempt<Value>(asked) : undefined
    if (first && (!mayBeAnother(first) || asked.signal?.aborted)) return first
    isSure = false
    looking ??= look().finally(() => {
      looking = undefined
    })
    const found = await looking
    isSure ||= found.ok
    return found.ok ? attempt(asked) : found
  }

  return {
    request,
    open: ({ path, ...asked }) => client.open({ ...asked, url: choice.current + path }),
  }
}

/** That one is being elected is more than that one has no quorum, which is more than another clock, which is more than silence. */
function mostTelling(replies: readonly JsonReply<undefined>[]): JsonReply<undefined> {
  const found = [204, 421, 503, untimelyStatus].map((said) => replies.find(({ status }) => status === said))
  return found.find((reply) => reply !== undefined) ?? (replies[0] as JsonReply<undefined>)
}

/** Nobody answered, its clock is another, another is master, or this one cannot say who is. */
function mayBeAnother({ status }: JsonReply<unknown>): boolean {
  return status === 0 || status === untimelyStatus || status === 421 || status === 503
}
