import type { HostAction, HostOutcome } from '../../src/host/agent/action.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { type DeskParts, deskOf } from '../../src/host/agent/desk.ts'
import { loadedState } from '../../src/host/agent/load.ts'
import type { HostMessage, HostSubject } from '../../src/host/agent/message.ts'
import type { HostState } from '../../src/host/agent/state.ts'
import type { GuestSpecification, InstanceGoal } from '../../src/host/contract/goal.ts'
import { drive } from '../../src/kernel/drive.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { openWaiting } from '../../src/machine/host/waiting.ts'
import { ofAccount } from '../../src/machine/peer.ts'
import type { WireDesk } from '../../src/machine/wire-server/desk.ts'
import { serveWire } from '../../src/machine/wire-server/wire-server.ts'
import { containerId, goalWith, guestWith, hostConfiguration } from '../host/goals.ts'

const configuration = {
  ...hostConfiguration(timersWith(['rotationOutLimit=200ms']), { ownAccounts: false }),
  wireAddress: '127.0.0.1',
}

/** The wire server of one guest over real HTTP, with the Host Agent's own state behind it; nothing that it decides is carried out. */
export interface WireSetting {
  readonly url: string
  readonly address: string
  state(): HostState
  /** Gives the guest another specification, and so another incarnation. */
  setGuest(change: Partial<GuestSpecification>): Promise<unknown>
  setGoal(change: Partial<InstanceGoal>): Promise<unknown>
  readonly warnings: string[]
  close(): Promise<void>
}

export interface WireSettingOptions {
  readonly id?: string
  readonly uid?: number
  /** What the desk says instead. */
  readonly around?: (desk: WireDesk) => WireDesk
  readonly address?: string
  readonly port?: number
  readonly certificates?: InstanceGoal['certificates']
  readonly pfxOf?: DeskParts['pfxOf']
}

export async function wireSetting({
  id = containerId,
  uid,
  around = (desk) => desk,
  address: host = '127.0.0.1',
  port = 0,
  certificates = [],
  pfxOf = () => Promise.reject(new Error('nothing is opened here')),
}: WireSettingOptions = {}): Promise<WireSetting> {
  const goal = (change: Partial<InstanceGoal>) => goalWith({ containerId: id, certificates, ...change })
  let version = 1
  const { packageSha256 } = goal({})
  const packages = new Map([[packageSha256, packageSha256]])
  const loaded = loadedState(
    configuration,
    { goal: { version, instances: [goal({})], asks: [] }, records: [], packages },
    () => false,
    Date.now(),
  )
  const waiting = openWaiting(systemClock)
  const warnings: string[] = []
  const driver = drive<HostState, HostMessage, HostSubject, HostAction, HostOutcome>({
    agent: hostAgent,
    state: loaded,
    ...systemClock,
    perform: () => new Promise(() => {}),
    changed: waiting.check,
    rests: [0],
    complain: (line) => void warnings.push(line),
  })
  const log = {
    info() {},
    warn: (line: string) => void warnings.push(line),
    error: (line: string) => void warnings.push(line),
  }
  const parts: DeskParts = {
    state: () => driver.state(),
    deliver: (message) => driver.deliver(message),
    until: waiting.until,
    pfxOf,
    open: ({ sealed }) => Buffer.from(sealed),
    log,
  }
  const listener = await serveWire({
    containerId: id,
    address: host,
    port,
    isGuest: ofAccount(uid),
    desk: around(deskOf(id, parts)),
    log,
  })
  const address = `${host}:${listener.port}`
  const setGoal = (change: Partial<InstanceGoal>) => {
    version += 1
    return driver.deliver({
      kind: 'goal',
      goal: { version, instances: [goal({ revision: version, ...change })], asks: [] },
    })
  }
  return {
    url: `http://${address}`,
    address,
    state: () => driver.state(),
    setGoal,
    setGuest: (change) => setGoal({ guest: guestWith(change) }),
    warnings,
    close() {
      driver.stop()
      return listener.close()
    },
  }
}
