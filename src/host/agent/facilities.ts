import type { GuestDriver, GuestPlace } from '../../machine/facilities.ts'
import type { Answer, HostFacts, HostReport } from '../contract/report.ts'
import type { GuestProcess } from './state.ts'
import type { WitnessSaid } from './witness-said.ts'

/** A Host Agent's effects on the world. A failure rejects, with a sentence that a user can act on. */
export interface HostFacilities {
  readonly guests: GuestDriver
  /** Fetches a package from the controller and unpacks it; answers with the name of its directory. */
  fetchPackage(sha256: string): Promise<string>
  dropPackage(sha256: string): Promise<void>
  /** Starts the wire server of a container and returns its port. */
  listen(guest: GuestPlace, port: number): Promise<number>
  unlisten(containerId: string): Promise<void>
  /** To be called when the first process of a guest has ended. */
  ended(containerId: string, process: GuestProcess): void
  register(facts: HostFacts): Promise<void>
  report(report: HostReport): Promise<void>
  /** Asks the witness of another machine, at that address; what it says, or that it says nothing, within `limitMs`. Never rejects. */
  askWitness(machine: string, address: string, limitMs: number): Promise<WitnessSaid>
  answer(ask: string, answer: Answer): Promise<void>
  /** Names in a directory of a guest; none when it does not exist. */
  namesIn(root: string, directory: string): Promise<readonly string[]>
  readLog(root: string, file: string, offset: number): Promise<{ readonly text: string; readonly nextOffset: number }>
}
