import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { subscriptionCertificateDocument } from '../../front-end/contract/wire/subscription.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { type Building, managementUrl } from './building.ts'
import { managementPair, registeredForm } from './trust.ts'

/** Longest wait for an answer of the API, which serves already. */
const answerLimitMs = 30_000

/**
 * Registers the portal's management certificate for the subscription where it is not, as any client does it: with the user's own (F-3). It is missing
 * in a fabric of a Reddog that had no portal, and where somebody has deleted it. `say` is told when it cannot be done: the fabric runs all the same.
 */
export async function registerPortal(building: Building, say: (line: string) => void): Promise<void> {
  const certificate = registeredForm(building.trust.portal.cert)
  try {
    const found = await ask(building, 'GET', `/certificates/${certificate.thumbprint}`)
    if (found === 200) return
    const body = subscriptionCertificateDocument.write({ ...certificate, publicKey: undefined, created: undefined })
    const status = found === 404 ? await ask(building, 'POST', '/certificates', body) : found
    if (status !== 200) say(`${refusal} The API answers ${status} to the management certificate of the data directory.`)
  } catch (error) {
    say(`${refusal} The API does not answer: ${systemWords(error)}.`)
  }
}

const refusal = "The portal's management certificate could not be registered, and nobody can sign in to the portal."

/** The status of the answer. */
async function ask(building: Building, method: 'GET' | 'POST', path: string, body?: string): Promise<number> {
  const { places, record, port, trust } = building
  const { certificatePem: cert, keyPem: key } = managementPair(places)
  const sent = request(`${managementUrl(port)}/${record.subscriptionId}${path}`, {
    method,
    cert,
    key,
    ca: await readFile(trust.portal.ca, 'utf8'),
    agent: false,
    signal: AbortSignal.timeout(answerLimitMs),
    headers: { 'x-ms-version': '2017-01-01', 'content-type': 'application/xml', connection: 'close' },
  })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode ?? 0
}
