/** What a Host Agent measures when the disk of its host gets full: the guests that run, and what of their drives is their own (H-26). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadedState } from '../../src/host/agent/load.ts'
import { roomersOf } from '../../src/host/agent/room.ts'
import type { ContainerRecord } from '../../src/host/agent/state.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { containerId, deploymentId, goalWith, guestWith, hostConfiguration } from './goals.ts'

const process = { pid: 7, startTime: '1', bootId: 'boot' }
const guest = guestWith({ localResources: [{ name: 'Data', sizeInMB: 30, cleanOnRoleRecycle: false }] })
const { packageSha256 } = goalWith()

/** A host with that guest. */
function hostWith(change: Partial<ContainerRecord>) {
  const stored = {
    goal: { version: 1, instances: [goalWith({ guest })], asks: [] },
    packages: new Map([[packageSha256, 'a.dir']]),
    records: [],
  }
  const state = loadedState(hostConfiguration(timersWith([])), stored, () => true, 0)
  const [container] = state.containers.values()
  assert.ok(container)
  const record = { ...container.record, process, ...change }
  return { ...state, containers: new Map([[containerId, { ...container, record }]]) }
}

describe('the guests that a full disk concerns', () => {
  it('are those that run, with their local storage, their TEMP and their logs', () => {
    const root = `/data/guests/${containerId}`
    const resources = `${root}/c/Resources`
    assert.deepEqual(roomersOf(hostWith({})), [
      {
        containerId,
        root,
        software: '/data/packages/a.dir/roles/Worker',
        storage: [
          { path: `${resources}/temp/${deploymentId}.Worker/RoleTemp`, sizeMB: 100 },
          { path: `${resources}/Directory/${deploymentId}.Worker.Data`, sizeMB: 30 },
        ],
        logsMB: 200,
      },
    ])
  })

  it('are not those that stand still, or that were never given documents', () => {
    assert.deepEqual(roomersOf(hostWith({ process: undefined })), [])
    assert.deepEqual(roomersOf(hostWith({ served: undefined })), [])
  })
})
