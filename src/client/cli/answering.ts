import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Deployment } from '../service-management/answers.ts'

/** How long an address is tried before it is shown untried: rotation follows Ready within a second. */
const answerLimitMs = 5_000
const answerPollMs = 100

/**
 * Where the deployment's public endpoints answer, one address an endpoint. An http endpoint is tried: by its host name first, and
 * at its VIP where this machine does not know the name.
 */
export async function answeringAddresses(deployment: Deployment, signal: AbortSignal): Promise<readonly string[]> {
  return Promise.all(
    publicEndpoints(deployment).map(async ({ protocol, vip, port }) => {
      if (protocol !== 'http' && protocol !== 'https') return `${protocol}://${vip}:${port}`
      const host = deployment.url === undefined ? vip : new URL(deployment.url).hostname
      const candidates = [host, vip].map((name) => new URL(`${protocol}://${name}:${port}/`).href)
      if (protocol === 'https') return candidates[0] as string
      return (await firstAnswering(candidates, signal)) ?? (candidates[0] as string)
    }),
  )
}

function publicEndpoints({ instances }: Deployment) {
  const endpoints = instances
    .flatMap((instance) => instance.endpoints)
    .filter(({ publicPort }) => publicPort !== undefined)
  const byPort = endpoints.map(({ vip, publicPort, protocol }) => ({ vip: vip ?? '', port: publicPort ?? 0, protocol }))
  return [...new Map(byPort.map((endpoint) => [`${endpoint.protocol} ${endpoint.port}`, endpoint])).values()]
}

async function firstAnswering(candidates: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  for (const deadline = performance.now() + answerLimitMs; performance.now() < deadline; ) {
    for (const url of candidates) if (await answers(url)) return url
    await delay(answerPollMs, undefined, { signal })
  }
  return undefined
}

/** Whether a request brings any answer at all. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url, { timeout: answerLimitMs, agent: false }, (response) => {
      response.resume()
      resolve(true)
    })
    sent.once('timeout', () => sent.destroy())
    sent.once('error', () => resolve(false))
    sent.once('close', () => resolve(false))
    sent.end()
  })
}
