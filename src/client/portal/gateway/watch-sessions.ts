import type { RegisteredCertificates } from './registered-certificates.ts'
import type { Sessions } from './sessions.ts'

/** How often sessions are looked after whose pages only listen. */
const watchMs = 1_000

/** Ends sessions whose time is over, and those with live streams whose certificate is not registered any more: the others are judged when they ask. */
export function watchSessions(sessions: Sessions, certificates: RegisteredCertificates): void {
  let isLooking = false

  async function look(): Promise<void> {
    sessions.sweep()
    if (sessions.listening().length === 0) return
    const registered = new Set((await certificates.current()).map(({ data }) => data))
    for (const session of sessions.listening()) if (!registered.has(session.certificate)) sessions.end(session)
  }

  setInterval(() => {
    if (isLooking) return
    isLooking = true
    // While the API does not answer nothing is known against anybody.
    void look()
      .catch(() => {})
      .finally(() => {
        isLooking = false
      })
  }, watchMs)
}
