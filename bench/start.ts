/**
 * From an accepted upload to Ready and in rotation: `node bench/start.ts`.
 * One instance, then ten of two roles, each on a fabric of its own; beside it what the application alone needs to answer.
 */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { startFabric } from './fabric.ts'
import { configuration } from './service/configuration.ts'

const source = join(import.meta.dirname, 'service')

async function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode === 200))
    })
    request.once('error', () => resolve(false))
  })
}

async function applicationAloneMs(): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, [join(source, 'Front', 'server.mjs')], {
    env: { PORT: '21999', RoleInstanceID: 'alone' },
  })
  while (!(await answers('http://127.0.0.1:21999/'))) await new Promise(setImmediate)
  child.kill()
  return performance.now() - started
}

/** From the accepted request until every instance is Ready; what `deploy` still does then is to try the address. */
async function deployMs(name: string, counts: Readonly<Record<string, number>>): Promise<number> {
  const fabric = await startFabric('--hosts', '2', '--cores', '16', '--timer', 'settleTime=0s')
  try {
    const configured = join(fabric.dataDirectory, 'bench.cscfg')
    writeFileSync(configured, configuration(counts))
    const definition = join(source, 'ServiceDefinition.csdef')
    const { ms, exitCode, notes } = await fabric.timed('deploy', definition, configured, '--service', name)
    if (exitCode !== 0) throw new Error(notes)
    return Math.round(ms)
  } finally {
    await fabric.end()
  }
}

console.log(`application alone, start to first answer: ${Math.round(await applicationAloneMs())} ms`)
console.log(
  `one instance, accepted to Ready: ${await deployMs('one', { Front: 1, Back: 1 })} ms (with one of the second role)`,
)
console.log(`ten instances of two roles, accepted to Ready: ${await deployMs('ten', { Front: 5, Back: 5 })} ms`)
