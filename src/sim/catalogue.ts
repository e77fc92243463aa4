import { type OsFamily, osFamilies } from '../service-model/operating-systems.ts'

/** The guest operating systems of a building, to which releases are added (H-22). */
export interface Catalogue {
  families(): readonly OsFamily[]
  /** Adds the next release of a family, and answers with its name. */
  release(family: number): string
}

export function catalogue(): Catalogue {
  let families = osFamilies
  return {
    families: () => families,
    release(family) {
      const former = families.find((one) => one.family === family)
      if (!former) throw new Error(`There is no guest OS family ${family}.`)
      const number = former.releases.length + 1
      const name = `WA-GUEST-OS-${family}.${number}_2026${String(number).padStart(2, '0')}-01`
      const next = { ...former, releases: [name, ...former.releases] }
      families = families.map((one) => (one === former ? next : one))
      return name
    },
  }
}
