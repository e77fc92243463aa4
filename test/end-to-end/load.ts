import { Agent, request } from 'node:http'

export interface Load {
  answered(): number
  /** Ends the load; what went wrong with requests, empty when nothing did. */
  stop(): Promise<readonly string[]>
}

const connections = 8

/** Asks on several kept-alive connections without a pause, as a busy client does. */
export function startLoad(url: string): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const faults: string[] = []
  let answered = 0
  const stopping = new AbortController()

  async function ask(): Promise<void> {
    while (!stopping.signal.aborted)
      await once(url, agent).then(
        () => answered++,
        (error: Error) => faults.push(error.message),
      )
  }

  const asking = Array.from({ length: connections }, ask)
  return {
    answered: () => answered,
    async stop() {
      stopping.abort()
      await Promise.all(asking)
      agent.destroy()
      return faults
    },
  }
}

/** Rejects when the answer is not a whole one with status 200. */
function once(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      response.resume()
      response.once('error', reject)
      response.once('end', () =>
        response.statusCode === 200 && response.complete
          ? resolve()
          : reject(new Error(`status ${response.statusCode}`)),
      )
    })
    sent.once('error', reject)
    sent.end()
  })
}
