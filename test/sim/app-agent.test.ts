import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { longestMs, settledMs } from '../../src/sim/guest/app-agent.ts'

it('WaAppAgent of the simulator has the patience of the shell script', () => {
  const script = readFileSync(new URL('../../src/guest/app-agent/WaAppAgent', import.meta.url), 'utf8')
  const seconds = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(script)?.[1])
  assert.deepEqual([settledMs, longestMs], [seconds('settled') * 1_000, seconds('longest') * 1_000])
})
