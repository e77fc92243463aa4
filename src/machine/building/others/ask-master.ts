import type { NotMaster } from '../../../fabric/contract/machines.ts'
import { type JsonClient, type JsonReply, type JsonRequest, untimelyStatus } from '../../http/json-client.ts'

/** What is asked of any controller: a path, and what JsonRequest has besides. */
export type Asked = Omit<JsonRequest, 'url'> & { readonly path: string }

/** Answers of controllers that another may know better: no answer, another clock, a certificate of which they have not heard yet, no master, no quorum. */
const mayBeAnother: readonly number[] = [0, untimelyStatus, 403, 421, 503]

/**
 * Of `up` itself, which asks seldom and from the beginning each time; parts that ask all the time remember who answered (controller-client.ts).
 *
 * The master's answer, from whichever of the controllers it is: they are asked in turn, the one that another names before the rest. When none is master,
 * a refusal of one of them before what the last one said.
 */
export async function askMaster<Value>(
  client: Pick<JsonClient, 'request'>,
  controllers: readonly string[],
  { path, ...asked }: Asked,
): Promise<JsonReply<Value>> {
  let left = [...controllers]
  let last: JsonReply<Value> = { ok: false, status: 0, fault: { code: 'NoAnswer', message: 'no controller is known' } }
  let refused: JsonReply<Value> | undefined
  for (let url = left.shift(); url !== undefined; url = left.shift()) {
    last = await client.request<Value>({ ...asked, url: url + path })
    if (last.ok || !mayBeAnother.includes(last.status)) return last
    if (last.status === 403 || (last.status === untimelyStatus && !refused)) refused = last
    const { master } = last.fault as NotMaster
    if (master !== undefined && left.includes(master)) left = [master, ...left.filter((other) => other !== master)]
  }
  return refused ?? last
}
