/** `npm start`: brings up a one-machine fabric, deploys the example service and stays in the foreground until Ctrl-C. Words after `--` go to `reddog up`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const service = 'hello'

/** npm passes on what the terminal has sent to everyone already: signals this close together are one. */
const sameSignalMs = 500

console.log('Starting a fabric on this machine ...')
// A reader that goes away must not leave the fabric without us.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
// In a group of its own, so that Ctrl-C reaches it once, through us.
const up = spawn(process.execPath, [join(root, 'dist/up.mjs'), 'up', '--json', ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
})
const ended = once(up, 'exit').then(([code]) => (code as number | null) ?? 1)
passSignalsOn(up)

const greeting = await firstLine(up)
if (greeting !== undefined) {
  const { dataDirectory, managementUrl, publishSettings } = JSON.parse(greeting) as Readonly<Record<string, string>>
  const data = ['--data', dataDirectory as string]
  const deployed = await isDeployed(data)
  const verb = deployed ? ['resume'] : ['deploy', join(root, 'examples/hello-worker')]
  console.log(
    deployed ? `Waiting for the service "${service}" of last time ...` : 'Deploying examples/hello-worker ...',
  )
  await reddog([...verb, '--service', service, ...data], 'inherit')
  console.log(`
  API               ${managementUrl}
  portal            ${await portalLink(data)}
                    good once, for five minutes; then: bin/reddog portal
  publish settings  ${relative(process.cwd(), publishSettings as string)}

Try:  bin/reddog status
      bin/reddog events --service ${service}
      bin/reddog logs Hello_IN_0 RoleOutput --service ${service}
Ctrl-C ends everything; the next npm start brings the service back.`)
}
process.exitCode = await ended

/** What `up` says once it accepts requests; undefined when it ends before. */
async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  return Promise.race([once(lines, 'line').then(([line]) => line as string), ended.then(() => undefined)])
}

/** What signs in to the portal. */
async function portalLink(data: readonly string[]): Promise<string> {
  const { output } = await reddog(['portal', ...data], 'pipe')
  return output.trim()
}

/** Whether an earlier start has left the service in its slot. */
async function isDeployed(data: readonly string[]): Promise<boolean> {
  const { code, output } = await reddog(['status', '--json', '--service', service, ...data], 'pipe')
  const found = code === 0 ? (JSON.parse(output) as { services: { deployments: object[] }[] }) : undefined
  return (found?.services[0]?.deployments.length ?? 0) > 0
}

async function reddog(words: readonly string[], output: 'inherit' | 'pipe') {
  const child = spawn(process.execPath, [join(root, 'dist/reddog.mjs'), ...words], {
    stdio: ['ignore', output, output === 'inherit' ? 'inherit' : 'ignore'],
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output: Buffer.concat(chunks).toString() }
}

function passSignalsOn(child: ChildProcess): void {
  let last = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (Date.now() - last < sameSignalMs) return
      last = Date.now()
      child.kill(signal)
    })
}
