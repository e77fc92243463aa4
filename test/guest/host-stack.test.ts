/** A host stack as a process: started ahead of its turn (design.md 9.8); ended by the next agent when nobody remembers it (design.md 1). */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { type HostStack, hostStack } from '../../src/machine/guest-os/host-stack.ts'
import { startedWith } from '../../src/machine/guest-os/role-processes.ts'
import { isAlive } from '../../src/machine/process.ts'
import { until } from '../until.ts'

const directory = mkdtempSync(join(tmpdir(), 'stack-'))
after(() => rmSync(directory, { recursive: true }))

const at = (name: string) => join(directory, name)
const source = join(import.meta.dirname, '../../src/machine')
const startFile = at('start.json')
const options = {
  program: [at('program.mjs')],
  cwd: directory,
  output: at('output'),
  files: { start: startFile, socket: at('b'), exit: at('exit.json') },
  owner: { key: directory },
}
writeFileSync(
  at('program.mjs'),
  `import { readFileSync, writeFileSync } from 'node:fs'
  import { awaitTurn } from '${source}/process.ts'
  await awaitTurn()
  writeFileSync('turn', process.pid + ' ' + readFileSync(process.argv[2], 'utf8'))
  setInterval(() => {}, 1000)`,
)

/** A stack, and what resolves when it has ended. */
function newStack(): HostStack & { readonly ended: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { ...hostStack({ ...options, said() {}, ended: () => resolve() }), ended: promise }
}

const waiting = () => startedWith(startFile)

it('a stack that nobody remembers is ended', { timeout: 10_000 }, async () => {
  const stack = newStack()
  const started = stack.start({})
  assert.ok(isAlive(started))
  await newStack().clear()
  await stack.ended
  assert.ok(!isAlive(started))
})

it('who remembers a stack that has ended, for the disk was full when the next one began, ends that too', async (t) => {
  const stack = newStack()
  const former = stack.start({})
  stack.kill()
  await stack.ended
  const agent = newStack()
  t.after(agent.kill)
  const unnoted = agent.start({})
  const next = newStack()
  next.adopt(former)
  await next.ended
  await until(() => !isAlive(unnoted))
})

it('what was started ahead waits, once, and is the next stack', { timeout: 60_000 }, async () => {
  const stack = newStack()
  stack.startAhead()
  stack.startAhead()
  const [ahead, ...others] = waiting()
  assert.deepEqual(others, [])
  const started = stack.start({ is: 'its turn' })
  assert.deepEqual(started, ahead)
  const told = () => readFileSync(at('turn'), { encoding: 'utf8', flag: 'a+' })
  await until(() => told() === `${started.pid} {"is":"its turn"}`)
  stack.kill()
  await stack.ended
  assert.deepEqual(waiting(), [])
})

it('what was started ahead and is not wanted any more is ended', { timeout: 60_000 }, async () => {
  const stack = newStack()
  stack.startAhead()
  stack.endAhead()
  await until(() => waiting().length === 0)
})

it('what was started ahead ends with its agent, also when that is killed', { timeout: 60_000 }, async () => {
  const agent = `import { hostStack } from '${source}/guest-os/host-stack.ts'
    hostStack({ ...${JSON.stringify(options)}, said() {}, ended() {} }).startAhead()
    console.log('ahead')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', agent])
  await once(child.stdout, 'data')
  assert.equal(waiting().length, 1)
  child.kill('SIGKILL')
  await until(() => waiting().length === 0)
})
