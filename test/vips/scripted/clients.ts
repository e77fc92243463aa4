/**
 * Asks a VIP every few milliseconds on a new connection, and again and again on some that stay. Every line of its output is what one request met: `new` or `kept`,
 * the milliseconds since the clients began, how many it took, and the machine that answered or `failed` with the system's code. Arguments: the VIP, and how many
 * connections stay.
 */
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const [vip = '', kept = '0'] = process.argv.slice(2)
const everyMs = 10

/** Longer than it takes until another machine has the VIPs. */
const limitMs = 5_000
const began = performance.now()

/** The text of the answer; undefined when there was none. */
function ask(agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ host: vip, port: 80, agent, timeout: limitMs }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve(text))
      answer.on('error', ({ message }) => resolve(`failed ${message}`))
    })
    asked.on('timeout', () => asked.destroy(new Error('timeout')))
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(`failed ${error.code ?? error.message}`))
    asked.end()
  })
}

async function askOnce(kind: 'new' | 'kept', agent: Agent): Promise<void> {
  const at = performance.now() - began
  const met = await ask(agent)
  const tookMs = Math.round(performance.now() - began - at)
  process.stdout.write(`${kind} ${Math.round(at)} ${tookMs} ${met}\n`)
}

async function askOnKept(): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (;;) {
    await askOnce('kept', agent)
    await pause(everyMs)
  }
}

for (let count = 0; count < Number(kept); count++) void askOnKept()
// Whether or not the last one has its answer.
setInterval(() => void askOnce('new', new Agent({ keepAlive: false })), everyMs)
