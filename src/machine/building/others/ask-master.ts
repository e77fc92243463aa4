import type { NotMaster } from '../../../fabric/contract/machines.ts'
import type { JsonClient, JsonReply, JsonRequest } from '../../http/json-client.ts'

/** What is asked of any controller: a path, and what JsonRequest has besides. */
export type Asked = Omit<JsonRequest, 'url'> & { readonly path: string }

/**
 * The master's answer, from whichever of the controllers it is: they are asked in turn, the one that another names before the rest. When none is master,
 * what the last one said.
 */
export async function askMaster<Value>(
  client: Pick<JsonClient, 'request'>,
  controllers: readonly string[],
  { path, ...asked }: Asked,
): Promise<JsonReply<Value>> {
  let left = [...controllers]
  let last: JsonReply<Value> = { ok: false, status: 0, fault: { code: 'NoAnswer', message: 'no controller is known' } }
  for (let url = left.shift(); url !== undefined; url = left.shift()) {
    last = await client.request<Value>({ ...asked, url: url + path })
    if (last.ok || (last.status !== 0 && last.status !== 421)) return last
    const { master } = last.fault as NotMaster
    if (master !== undefined && left.includes(master)) left = [master, ...left.filter((other) => other !== master)]
  }
  return last
}
