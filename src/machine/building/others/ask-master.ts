import type { NotMaster } from '../../../fabric/contract/machines.ts'
import {
  isUntimely,
  type JsonClient,
  type JsonReply,
  type JsonRequest,
  untimelyStatus,
} from '../../http/json-client.ts'

/** What is asked of any controller: a path, and what JsonRequest has besides. */
export type Asked = Omit<JsonRequest, 'url'> & { readonly path: string }

type Refusal = Extract<JsonReply<unknown>, { readonly ok: false }>

/** Answers of controllers that another may know better: no answer, another clock, a certificate of which they have not heard yet, no master, no quorum. */
const mayBeAnother: readonly number[] = [0, untimelyStatus, 403, 421, 503]

/**
 * Of `up` itself, which asks seldom and from the beginning each time; parts that ask all the time remember who answered (controller-client.ts).
 *
 * The master's answer, from whichever of the controllers it is: they are asked in turn, the one that another names before the rest. When none is master,
 * what says most: that one refuses, that one is being elected, that the clocks differ, and that nobody answers.
 */
export async function askMaster<Value>(
  client: Pick<JsonClient, 'request'>,
  controllers: readonly string[],
  { path, ...asked }: Asked,
): Promise<JsonReply<Value>> {
  let left = [...controllers]
  let most: Refusal = { ok: false, status: 0, fault: { code: 'NoAnswer', message: 'no controller is known' } }
  for (let url = left.shift(); url !== undefined; url = left.shift()) {
    const reply = await client.request<Value>({ ...asked, url: url + path })
    if (reply.ok || !mayBeAnother.includes(reply.status)) return reply
    if (weightOf(reply) >= weightOf(most)) most = reply
    const { master } = reply.fault as NotMaster
    if (master !== undefined && left.includes(master)) left = [master, ...left.filter((other) => other !== master)]
  }
  return most
}

/** Who names a master says nothing of why that one did not answer. */
function weightOf(reply: Refusal): number {
  if (reply.status === 403) return 4
  if (isUntimely(reply)) return 2
  if (reply.status === 0) return 0
  return (reply.fault as NotMaster).master === undefined ? 3 : 1
}
