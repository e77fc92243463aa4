import type { Instant } from '../../../kernel/instant.ts'
import { isBraked } from '../brake/brake.ts'
import { withSign } from '../brake/running-on.ts'
import { note } from '../history/events.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { subjectsOfHost } from '../servicing/subjects-of-host.ts'
import { instancesOn } from '../state/find.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject, type Subject } from '../subject.ts'

/** A sign of life of a host; a lost one is back, and will report how its instances are. */
export function heardFrom(
  state: FabricState,
  host: string,
  now: Instant,
  report?: { readonly machines?: number | undefined },
): ControllerStep {
  const heard = withSign(observe(state, { heard: state.observed.heard.set(host, now) }), host, now, report)
  const found = [...heard.observed.foundOut.keys()].filter((name) => !state.observed.foundOut.has(name))
  // The brake may go off, and what ran on those that have found out may be healed, or forgotten.
  const away = found.flatMap((name) => subjectsOfHost(state, name))
  const others: readonly Subject[] = isBraked(state) ? ['pool', ...away] : away
  if (!state.observed.lost.has(host)) return { state: heard, touched: [hostSubject(host), ...others] }
  const instances = instancesOn(state, host)
  const back = observe(heard, {
    lost: heard.observed.lost.delete(host),
    unhealed: state.observed.unhealed.delete(host),
    reports: state.observed.reports.deleteAll(instances.map(({ key }) => key)),
    synchronised: state.observed.synchronised.delete(host),
    room: state.observed.room + 1,
  })
  return {
    state: note(back, now, { subject: host, kind: 'HostReturned', reason: 'the host was lost and is heard again' }),
    touched: [
      hostSubject(host),
      ...others,
      ...instances.map(({ deployment }) => deploymentSubject(deployment)),
      ...awaitingRoom(back),
    ],
  }
}
