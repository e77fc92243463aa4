import { guestSettings } from '../../host/agent/guest-settings.ts'
import type { ContainerRecord, GuestProcess } from '../../host/agent/state.ts'
import { type SimulatedGuest, startGuest } from '../guest/guest.ts'
import { thinkingParts } from '../guest/guest-part.ts'
import type { HostSite } from './site.ts'

/** The guest of a container, as the machine starts it. */
export function guestOf(site: HostSite, record: ContainerRecord): SimulatedGuest {
  const { name, parts, machine } = site
  const { containerId, key } = record
  const configuration = site.configuration()
  return startGuest({
    clock: site.clock,
    settings: guestSettings(configuration, record),
    incarnation: configuration.agentPackage.incarnation,
    wire: site.wires.of(containerId, key),
    drives: machine.drives(containerId),
    death: parts.guestAgentDeath(key),
    behaviour: (sha256) => parts.behaviourOf(key, sha256),
    modelOf: parts.modelOf,
    fails: parts.fails,
    defect: (party, defect) => parts.defect(`${party} of ${key}`, defect),
    isPoisoned: (party) => parts.poison.of(`${party} of ${key}`, thinkingParts[party]) !== undefined,
    hasRoom: () => !site.disk.isFull(),
    hasPackage: (sha256) => site.disk.packages.has(sha256),
    stopping: ({ acceptedIncarnation: accepted, recycle }) =>
      parts.witness({ kind: 'roleStopping', host: name, containerId, key, accepted, asked: recycle !== undefined }),
    ended() {
      const process = machine.process(containerId)
      if (process) tellEnd(site, containerId, process)
    },
  })
}

/** Again and again while the agent can store nothing (insist.ts). */
function tellEnd(site: HostSite, containerId: string, process: GuestProcess): void {
  const { clock, parts } = site
  const again = () => tellEnd(site, containerId, process)
  site.run()?.driver.deliver({ kind: 'guestEnded', containerId, process }, (fault) => {
    if (fault?.code === 'ServerBusy') clock.schedule(clock.now() + parts.timers.heartbeatInterval, again)
  })
}
