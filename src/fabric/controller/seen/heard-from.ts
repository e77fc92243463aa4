import type { Instant } from '../../../kernel/instant.ts'
import { clearSince } from '../brake/running-on.ts'
import { note } from '../history/events.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { instancesOn } from '../state/find.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'

/** A sign of life of a host; a lost one is back, and will report how its instances are. */
export function heardFrom(state: FabricState, host: string, now: Instant): ControllerStep {
  const heard = observe(state, {
    heard: state.observed.heard.set(host, now),
    clearSince: clearSince(state, host, now),
  })
  if (!state.observed.lost.has(host)) return { state: heard, touched: [hostSubject(host)] }
  const instances = instancesOn(state, host)
  const found = observe(heard, {
    lost: state.observed.lost.delete(host),
    unhealed: state.observed.unhealed.delete(host),
    reports: state.observed.reports.deleteAll(instances.map(({ key }) => key)),
    synchronised: state.observed.synchronised.delete(host),
    room: state.observed.room + 1,
  })
  return {
    state: note(found, now, { subject: host, kind: 'HostReturned', reason: 'the host was lost and is heard again' }),
    touched: [
      hostSubject(host),
      ...instances.map(({ deployment }) => deploymentSubject(deployment)),
      ...awaitingRoom(found),
    ],
  }
}
