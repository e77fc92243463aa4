/**
 * Asks a VIP, again and again: on a new connection each time, and on some that stay. Every line of its output is what one request met: `new` or `kept`,
 * the milliseconds since the clients began, and the machine that answered or `failed` with the system's code. Arguments: the VIP, and how many
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

async function askOn(kind: 'new' | 'kept'): Promise<void> {
  const agent = new Agent(kind === 'kept' ? { keepAlive: true, maxSockets: 1 } : { keepAlive: false })
  for (;;) {
    const at = Math.round(performance.now() - began)
    process.stdout.write(`${kind} ${at} ${await ask(agent)}\n`)
    await pause(everyMs)
  }
}

for (let count = 0; count < Number(kept); count++) void askOn('kept')
for (let count = 0; count < 4; count++) void askOn('new')
