/**
 * keepalived as it elects, of which nothing is ours: VRRP of version 3 (RFC 5798, 6.4) with `nopreempt`, as keepalived-configuration.ts sets it up.
 * Adverts come at once: the machines are on one segment.
 */

/** How often the holder says that it is there, in milliseconds, as in keepalived-configuration.ts. */
export const advertMs = 250

/** The longest time in which nobody has said that he is there until another takes over: Master_Down_Interval (RFC 5798, 6.1) of the least priority. */
export const masterDownMs = 4 * advertMs

/** An advert that says: I am it no longer. */
const goodbye = 0

/** The highest priority that is not an owner's; that of the machine whose address comes last. */
const highestPriority = 254

export interface SimulatedKeepalived {
  /** The holder has the VIPs. */
  isHolder(): boolean
  /** What the track file says. */
  setMayHold(may: boolean): void
  /** Of another machine. */
  hear(priority: number): void
  /** Does what is due by now. */
  goOn(): void
  /** When something is due next; undefined: nothing is. */
  dueAt(): number | undefined
  /** The machine has lost its power. */
  end(): void
}

interface Parts {
  /** The place of the machine's address among those of all. */
  readonly place: number
  now(): number
  /** Sends an advert to all others. */
  advertise(priority: number): void
}

/** keepalived of one machine, which runs and may not hold the VIPs. */
export function simulatedKeepalived({ place, now, advertise }: Parts): SimulatedKeepalived {
  const priority = highestPriority - place
  const skewMs = Math.ceil(((256 - priority) * advertMs) / 256)
  const downMs = 3 * advertMs + skewMs
  let state: 'fault' | 'backup' | 'holder' = 'fault'
  let dueAt: number | undefined

  function goBack(to: 'fault' | 'backup', waitMs?: number): void {
    state = to
    dueAt = waitMs === undefined ? undefined : now() + waitMs
  }

  return {
    isHolder: () => state === 'holder',
    setMayHold(may) {
      if (may === (state !== 'fault')) return
      const hadThem = state === 'holder'
      if (may) goBack('backup', downMs)
      else goBack('fault')
      if (hadThem) advertise(goodbye)
    },
    hear(heard) {
      if (state === 'backup') goBack('backup', heard === goodbye ? skewMs : downMs)
      else if (state === 'holder' && heard > priority) goBack('backup', downMs)
    },
    goOn() {
      if (dueAt === undefined || now() < dueAt) return
      state = 'holder'
      dueAt = now() + advertMs
      advertise(priority)
    },
    dueAt: () => dueAt,
    end: () => goBack('fault'),
  }
}
