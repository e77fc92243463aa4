/** Another machine that may become master, and so holds packages. */
export interface Candidate {
  readonly name: string
  /** `https://HOST:PORT` of its controller. */
  readonly controllerUrl: string
  /** False: it is not heard now, and comes back or is removed. */
  readonly lives: boolean
}

/** The package stores of the other candidates (docs/decisions/several-machines.md). */
export interface PackagePeers {
  /** Has the first of them that takes it hold a copy of a package of this machine. */
  share(sha256: string, to: readonly Candidate[]): Promise<Shared>
  /** Gets a package from the first of them that gives it whole. */
  bring(sha256: string, from: readonly Candidate[]): Promise<Brought>
  /** Tells them to drop it. Who does not hear it now asks when it is back. */
  drop(sha256: string, at: readonly Candidate[]): Promise<void>
}

export interface Shared {
  /** Name of the machine that holds it now; absent: none took it. */
  readonly holder?: string | undefined
  /** A sentence of each that refused. */
  readonly refusals: readonly string[]
  /** A sentence about each that gave no answer. */
  readonly silences: readonly string[]
}

export interface Brought {
  /** Name of the machine that gave it; absent: none did. */
  readonly from?: string | undefined
  /** A sentence about each that did not. */
  readonly failures: readonly string[]
}
