import type { HostAction } from '../../host/agent/action.ts'
import { hostAgent } from '../../host/agent/agent.ts'
import { loadedState } from '../../host/agent/load.ts'
import { containerSubject, type HostSubject } from '../../host/agent/message.ts'
import { persister } from '../../host/agent/persist.ts'
import type { HostState } from '../../host/agent/state.ts'
import type { Committer } from '../../kernel/commit.ts'
import { drive, mortal } from '../drive.ts'
import { performHost } from '../facilities/host.ts'
import { pausableClock } from '../pausable.ts'
import { poisoned } from '../poison.ts'
import { waitingOn } from '../waiting.ts'
import type { AgentRun } from '../wire.ts'
import { facilitiesOf } from './facilities-of.ts'
import type { HostSite } from './site.ts'

/** A run of the Host Agent, from the content of its disk; it has no requests yet. `died`: it came to its planned end. */
export function agentRun(site: HostSite, died: (error: unknown) => void): AgentRun {
  const { name, clock, parts, machine, disk } = site
  const stored = disk.load()
  const state = loadedState(site.configuration(), stored, machine.isAlive, clock.now())
  const own = pausableClock(clock)
  const waiting = waitingOn(own)
  const carryOut = performHost(facilitiesOf(site, () => run))
  const driver = drive({
    agent: poisoned(hostAgent, subjectOf, (_, subject) => parts.poison.of(name, subject)),
    state,
    rests: parts.timers.recycleDelays,
    defect: (defect) => parts.defect(name, defect),
    clock: own,
    lapse: own.lapse,
    commit: mortal(
      witnessed(
        site,
        persister(disk.files, { stored, loaded: state }, (reason) => driver.deliver({ kind: 'unstored', reason })),
      ),
      died,
    ),
    perform(action, settled) {
      if (action.kind === 'stopGuest') {
        const { containerId, key } = action.record
        parts.witness({ kind: 'stopDecided', host: name, containerId, key })
      }
      carryOut(action, settled)
    },
    changed: () => waiting.check(),
  })
  const run: AgentRun = { driver, own, waiting }
  return run
}

/** The commit, with a fact when it has written something. */
function witnessed({ name, parts, disk }: HostSite, commit: Committer<HostState>): Committer<HostState> {
  return (state, ended) => {
    const before = disk.death.writes()
    commit(state, (result) => {
      if (disk.death.writes() > before) parts.witness({ kind: 'agentCommitted', host: name })
      ended(result)
    })
  }
}

function subjectOf(action: HostAction): HostSubject | undefined {
  return 'record' in action && action.record ? containerSubject(action.record.containerId) : undefined
}
