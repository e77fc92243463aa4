import { setTimeout as delay } from 'node:timers/promises'
import type { JoinAnswer, JoinRequest, NotMaster } from '../../../fabric/contract/machines.ts'
import { machinePaths } from '../../../fabric/contract/machines.ts'
import { party } from '../../../fabric/contract/paths.ts'
import { isUntimely, type JsonClient, type JsonReply, openJsonClient } from '../../http/json-client.ts'

/** A join waits for a commit, and for etcd to take a member. */
const answerLimitMs = 30_000

/** How long a fabric that is busy is asked again: etcd takes one member at a time, and only while all have been well for some seconds. Origin: choice. */
const busyLimitMs = 120_000
const restMs = 2_000

/**
 * Asks the master to take this machine in: the controller at `url`, or the one that it names. What is asked is the same again after an interruption, and
 * so is the answer; a fabric that is busy is asked again, and `say` is told why. Throws an Error with one sentence.
 */
export async function askToJoin(
  url: string,
  authority: string,
  body: JoinRequest,
  say: (line: string) => void,
): Promise<JoinAnswer> {
  const client = openJsonClient({ ca: authority }, party.controller)
  try {
    return await askUntilTaken(client, url, body, say)
  } finally {
    client.close()
  }
}

async function askUntilTaken(
  client: JsonClient,
  first: string,
  body: JoinRequest,
  say: (line: string) => void,
): Promise<JoinAnswer> {
  let told = ''
  for (let [url, until] = [first, performance.now() + busyLimitMs]; ; ) {
    const reply: JsonReply<JoinAnswer> = await client.request({
      url: url + machinePaths.join,
      body,
      timeoutMs: answerLimitMs,
    })
    if (reply.ok) return reply.value
    const { message, master } = reply.fault as NotMaster
    const isBusy = reply.status === 503 || reply.status === 421
    if (!isBusy || performance.now() > until) throw new Error(isUntimely(reply) ? clockWords(url) : message)
    // Who was named is asked at once, unless it names another in turn.
    const isNamed = master !== undefined && url === first && master !== first
    url = isNamed ? master : first
    if (isNamed) continue
    if (message !== told) say(`The fabric is busy, and is asked again: ${message}`)
    told = message
    await delay(restMs)
  }
}

function clockWords(url: string): string {
  return `The certificate of ${url} is not valid at ${new Date().toISOString()}, which is the time here. Set the clock of this computer, for instance with: timedatectl set-ntp true`
}
