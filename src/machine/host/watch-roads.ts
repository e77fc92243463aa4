import type { GuestDriver } from '../guest/driver.ts'

/** How often the table of routes is looked at: a file without content on a disk. Origin: choice. */
const lookEveryMs = 1_000

/** Tells when roads no longer stand, or when what they stand on has changed: a link that goes down takes its routes along and brings none back. Never ends. */
export function watchRoads(groundOfRoads: GuestDriver['groundOfRoads'], tell: () => void): void {
  let former = groundOfRoads()
  setInterval(() => {
    const { stands, beside } = groundOfRoads()
    const isOther = beside !== former.beside || (former.stands && !stands)
    former = { stands, beside }
    if (isOther) tell()
  }, lookEveryMs).unref()
}
