import type { PseudoTtyInfo, ServerChannel, Session, SFTPWrapper } from 'ssh2'

/** The command that a client requests from a session. */
export interface Asked {
  readonly what:
    | { readonly kind: 'shell' }
    | { readonly kind: 'exec'; readonly command: string }
    | { readonly kind: 'subsystem'; readonly name: string }
  /** Undefined: it wants none. */
  readonly terminal: Terminal | undefined
  /** Its own variables, for language and formats. */
  readonly variables: Readonly<Record<string, string>>
}

export type Terminal = Pick<PseudoTtyInfo, 'term' | 'cols' | 'rows'>

/** The program behind a channel; it ends the channel when it has ended. */
export interface Running {
  readonly resize: (size: Omit<Terminal, 'term'>) => void
  /** Name without SIG. */
  readonly signal: (name: string) => void
}

export type Run = (channel: ServerChannel, asked: Asked) => Running

/** Serves a client that copies files. */
export type Files = (sftp: SFTPWrapper) => void

/** Variables that a client may set, as OpenSSH's server has them in Debian. */
const acceptedVariable = /^(?:LANG|LC_[A-Z]+)$/

/** Collects a client's requests for a session, and runs it once. `files`: serves files; undefined where that is a subsystem like any other. */
export function serveSession(session: Session, run: Run, files: Files | undefined): void {
  const variables: Record<string, string> = {}
  let terminal: Terminal | undefined
  let begun = false
  let running: Running | undefined
  const begin = (accept: () => ServerChannel, reject: (() => void) | undefined, what: Asked['what']) => {
    if (begun) return reject?.()
    begun = true
    running = run(accept(), { what, terminal, variables })
  }
  session.on('pty', (accept, _reject, info) => {
    terminal = info
    accept?.()
  })
  session.on('env', (accept, reject, { key, val }) => {
    if (!acceptedVariable.test(key)) return reject?.()
    variables[key] = val
    accept?.()
  })
  session.on('window-change', (accept, _reject, size) => {
    running?.resize(size)
    accept?.()
  })
  session.on('signal', (accept, _reject, { name }) => {
    running?.signal(name)
    accept?.()
  })
  session.on('shell', (accept, reject) => begin(accept, reject, { kind: 'shell' }))
  session.on('exec', (accept, reject, { command }) => begin(accept, reject, { kind: 'exec', command }))
  if (files)
    session.on('sftp', (accept, reject) => {
      if (begun) return reject?.()
      begun = true
      files(accept())
    })
  session.on('subsystem', (accept, reject, { name }) => begin(accept, reject, { kind: 'subsystem', name }))
}
