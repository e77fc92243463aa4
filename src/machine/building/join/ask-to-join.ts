import type { JoinAnswer, JoinRequest, NotMaster } from '../../../fabric/contract/machines.ts'
import { machinePaths } from '../../../fabric/contract/machines.ts'
import { party } from '../../../fabric/contract/paths.ts'
import { type JsonClient, openJsonClient } from '../../http/json-client.ts'

/** A join waits for a commit, and for etcd to take a member. */
const answerLimitMs = 30_000

/** Candidates that name one another: more steps than that are no way to a master. */
const mostSteps = 5

/** Words for what can be wrong with the time in a certificate. */
const clockTroubles: readonly string[] = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

/**
 * Asks the master to take this machine in: the controller at `url`, or the one that it names. What is asked is the same again after an interruption, and
 * so is the answer. Throws an Error with one sentence.
 */
export async function askToJoin(url: string, authority: string, request: JoinRequest): Promise<JoinAnswer> {
  const client = openJsonClient({ ca: authority }, party.controller)
  try {
    return await askMaster(client, url, request)
  } finally {
    client.close()
  }
}

async function askMaster(client: JsonClient, first: string, body: JoinRequest): Promise<JoinAnswer> {
  let url = first
  for (let step = 0; step < mostSteps; step += 1) {
    const reply = await client.request<JoinAnswer>({ url: url + machinePaths.join, body, timeoutMs: answerLimitMs })
    if (reply.ok) return reply.value
    const { master } = reply.fault as NotMaster
    if (reply.status !== 421 || master === undefined)
      throw new Error(sentenceOf(url, reply.status, reply.fault.message))
    url = master
  }
  throw new Error('The controllers of the fabric do not agree who is master. Try again in a moment.')
}

function sentenceOf(url: string, status: number, message: string): string {
  if (clockTroubles.some((code) => message.includes(code)))
    return `The certificate of ${url} is not valid at ${new Date().toISOString()}, which is the time here. Set the clock of this computer, for instance with: timedatectl set-ntp true`
  return status === 421 ? 'The fabric has no master at the moment. Try again in a moment.' : message
}
