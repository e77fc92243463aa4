/** One request of a package, and what will happen to it here (design.md 6). */
export interface Finding {
  /** '' when it concerns the service as a whole. */
  readonly role: string
  readonly subject: Subject
  /** Its name in the definition; for a startup task or an entry point, the program. */
  readonly name: string
  readonly verdict: Verdict
  /** A sentence or two: what was found and, where it does not run, what to do. */
  readonly reason: string
  /** The file that an overlay must hold, `ROLE/approot/startup.sh`, where the verdict is `needsOverlay`. */
  readonly file?: string
}

export type Subject =
  | 'role'
  | 'startupTask'
  | 'entryPoint'
  | 'site'
  | 'assembly'
  | 'plugin'
  | 'certificate'
  | 'endpoint'
  | 'localStorage'
  | 'networkTrafficRules'
  | 'configuration'

export type Verdict =
  | 'asIs'
  /** By something that Reddog knows how to do. */
  | 'recipe'
  /** A program for Windows, through Debian's wine, which this machine has. */
  | 'wine'
  /** Accepted and not done: the role runs without it. */
  | 'passedOver'
  | 'needsOverlay'
  | 'cannotRun'

/** Findings that prevent a service from becoming Ready. */
export function hinders({ verdict }: Finding): boolean {
  return verdict === 'needsOverlay' || verdict === 'cannotRun'
}

/** Their messages, each sentence once. */
export function reasonsOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map(({ reason }) => reason))]
}
