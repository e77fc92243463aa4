/**
 * A guest for tests, started in place of WaAppAgent: it follows its goal state and reports what files on its C: tell it to.
 * `silent`: says nothing. `busy`: NotReady. Each start adds a line to `starts` and leaves a child in a session of its own.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readGoalState } from '../../../src/guest/contract/goal-state.ts'
import type { GuestSettings } from '../../../src/guest/contract/guest-settings.ts'
import { ownAgentName, wireHeaders } from '../../../src/guest/contract/headers.ts'
import { type Health, writeHealth } from '../../../src/guest/contract/health.ts'
import { protocolVersion } from '../../../src/guest/contract/versions.ts'

const settings = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as GuestSettings
const onC = (name: string) => join(settings.root, 'c', name)
const headers = { [wireHeaders.version]: protocolVersion, [wireHeaders.agentName]: ownAgentName }

appendFileSync(onC('starts'), `${process.pid} ${process.getuid?.()}\n`)
appendFileSync(join(settings.root, 'd', 'marker'), 'd')
appendFileSync(join(settings.root, 'e', 'marker'), 'e')
spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref()

for (;;) {
  if (existsSync(onC('silent'))) await delay(20)
  else await follow().catch(() => delay(20))
}

async function follow(): Promise<void> {
  const goal = readGoalState(await (await fetch(`${settings.wireServer}/machine/?comp=goalstate`, { headers })).text())
  const health: Health = {
    goalStateIncarnation: goal.incarnation,
    containerId: goal.containerId,
    instanceId: goal.roleInstance?.instanceId ?? '',
    ...situation(goal.machine),
  }
  await fetch(`${settings.wireServer}/machine?comp=health`, {
    method: 'POST',
    headers: { ...headers, [wireHeaders.waitMs]: '50' },
    body: writeHealth(health),
  })
}

function situation(expected: 'Started' | 'Stopped'): Pick<Health, 'state' | 'subStatus' | 'description'> {
  if (expected === 'Stopped') return { state: 'Stopped' }
  if (existsSync(onC('busy'))) return { state: 'NotReady', subStatus: 'BusyRole', description: 'Busy as told.' }
  return { state: 'Ready' }
}
