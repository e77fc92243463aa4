/**
 * What a startup task adds to a start: `node bench/tasks.ts`. One instance without tasks and with fifty simple ones that do nothing, in
 * turn, from the accepted request to Ready; beside it what `sh -c true` takes in the same run.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startFabric } from './fabric.ts'
import { median } from './statistics.ts'

const tasks = 50
const rounds = 3
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

/** The service with so many tasks; its directory. */
function makeService(root: string, count: number): string {
  const directory = join(root, `tasks-${count}`)
  const task = '<Task commandLine="nothing.sh" executionContext="limited" taskType="simple" />'
  const startup = count === 0 ? '' : `<Startup>${task.repeat(count)}</Startup>`
  const files = {
    'ServiceDefinition.csdef': `<ServiceDefinition name="Tasks" xmlns="${schema}/ServiceDefinition"><WorkerRole name="W" vmsize="Small">${startup}
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="run.sh" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
    'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Tasks" xmlns="${schema}/ServiceConfiguration"><Role name="W"><Instances count="1" /></Role></ServiceConfiguration>`,
    'W/nothing.sh': '#!/bin/sh\n',
    'W/run.sh': '#!/bin/sh\nexec sleep infinity\n',
  }
  mkdirSync(join(directory, 'W'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text, { mode: 0o755 })
  return directory
}

function shellMs(): number {
  const began = performance.now()
  spawnSync('sh', ['-c', 'true'])
  return performance.now() - began
}

const fabric = await startFabric('--hosts', '1', '--timer', 'settleTime=0s')
try {
  const counts = [0, tasks]
  const services = counts.map((count) => makeService(fabric.dataDirectory, count))
  const times = counts.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [index, directory] of services.entries()) {
      const name = `tasks-${index}-${round}`
      const { ms, exitCode, notes } = await fabric.timed('deploy', directory, '--service', name)
      if (exitCode !== 0) throw new Error(notes)
      times[index]?.push(ms)
      await fabric.run('service', 'delete', name, '--with-deployments')
    }
  const [none, all] = times.map(median) as [number, number]
  const shell = median(Array.from({ length: tasks }, shellMs))
  const one = (all - none) / tasks
  console.log(`accepted to Ready: ${none.toFixed(0)} ms without tasks, ${all.toFixed(0)} ms with ${tasks}`)
  console.log(
    `a task: ${one.toFixed(1)} ms; \`sh -c true\` by itself ${shell.toFixed(1)} ms: ratio ${(one / shell).toFixed(1)}`,
  )
} finally {
  await fabric.end()
}
