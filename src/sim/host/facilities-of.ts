import type { Told } from '../controller/answers.ts'
import type { SimulatedHostFacilities } from '../facilities/host.ts'
import type { AgentRun } from '../wire.ts'
import { guestOf } from './guest-of.ts'
import type { HostSite } from './site.ts'
import { askWitnesses } from './witnesses.ts'

/** As the Host Agent asks (machine/host/controller-link.ts): an answer needs at most one commit of the controller. */
export const answerLimitMs = 10_000

/** The effects of a run of the agent; `mine` is that run, once it has begun. */
export function facilitiesOf(site: HostSite, mine: () => AgentRun | undefined): SimulatedHostFacilities {
  const { name, clock, parts, machine, disk, wires } = site
  const whenRunning = (then: () => void) => {
    const run = site.run()
    if (run) run.own.whenRunning(then)
    else then()
  }
  const isPresent = () => site.run() !== undefined && site.run() === mine()
  return {
    facts: () => site.configuration().facts,
    later: (delayMs, then) => void clock.schedule(clock.now() + delayMs, () => isPresent() && then()),
    fails: parts.fails,
    hasRoom: () => !disk.isFull(),
    askWitnesses: (action, ended) => askWitnesses(site, action, (outcome) => whenRunning(() => ended(outcome))),
    ask(serve, ended) {
      const sentAt = site.hearing.sentNow()
      parts.controllers.ask<Told>({
        from: name,
        limitMs: answerLimitMs,
        serve,
        ended: (told) =>
          whenRunning(() => {
            if (told) site.hearing.heard(sentAt)
            ended(told)
          }),
      })
    },
    keepPackage: (sha256) => void disk.packages.add(sha256),
    dropPackage: (sha256) => void disk.packages.delete(sha256),
    listen(containerId, port) {
      wires.open(containerId)
      return port === 0 ? site.freePort() : port
    },
    startGuest(record) {
      machine.stop(record.containerId, 'replacement')
      return machine.start(guestOf(site, record))
    },
    stopGuest: (containerId) => machine.stop(containerId, 'host'),
    rebuildDrives: machine.rebuildDrives,
    removeGuest: machine.remove,
  }
}
