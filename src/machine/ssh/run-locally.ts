import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import type { ServerChannel } from 'ssh2'
import { quote } from '../../service-model/command-line/quote.ts'
import type { Asked, Running, Terminal } from './session.ts'

/** Gives a program a terminal. */
const script = '/usr/bin/script'

export interface Surroundings {
  readonly home: string
  readonly shell: string
  readonly env: Readonly<Record<string, string>>
}

/** Runs a client's commands as this process's own account. */
export function runLocally(channel: ServerChannel, asked: Asked, { home, shell, env }: Surroundings): Running {
  const { what, terminal, variables } = asked
  const term = terminal && /^[\w.+-]{1,64}$/.test(terminal.term) ? { TERM: terminal.term } : {}
  if (what.kind === 'subsystem') {
    channel.stderr.write(`There is no subsystem ${what.name} here.\n`)
    end(channel, 127)
    return { resize() {}, signal() {} }
  }
  const { file, words } = programOf(what, terminal, shell)
  const child = spawn(file, words, {
    cwd: home,
    env: { ...env, ...variables, ...term },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  join(channel, child)
  return {
    resize: (size) => resize(child, size),
    signal: (name) => kill(child, `SIG${name}`),
  }
}

function programOf(
  what: Exclude<Asked['what'], { readonly kind: 'subsystem' }>,
  terminal: Terminal | undefined,
  shell: string,
): { readonly file: string; readonly words: readonly string[] } {
  const own = what.kind === 'exec' ? ['-c', what.command] : terminal ? ['-i'] : []
  if (!terminal || !existsSync(script)) return { file: shell, words: own }
  const size = `stty echo rows ${terminal.rows} cols ${terminal.cols} 2>/dev/null`
  return { file: script, words: ['-qfec', `${size}; exec ${[shell, ...own].map(quote).join(' ')}`, '/dev/null'] }
}

function join(channel: ServerChannel, child: ChildProcess): void {
  const { stdin, stdout, stderr } = child
  // It may end before it has read all.
  stdin?.on('error', () => {})
  channel.on('error', () => {})
  if (stdin) channel.pipe(stdin)
  stdout?.pipe(channel, { end: false })
  stderr?.pipe(channel.stderr, { end: false })
  child.once('error', () => end(channel, 126))
  child.once('close', (code, signal) => end(channel, code ?? signal))
  channel.once('close', () => kill(child, 'SIGHUP'))
}

function end(channel: ServerChannel, how: number | string | null): void {
  if (typeof how === 'string') channel.exit(how.replace(/^SIG/, ''))
  else channel.exit(how ?? 1)
  channel.end()
}

/** With its process group. */
function kill({ pid }: ChildProcess, signal: string): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // It has ended, or there is no such signal.
  }
}

/** The terminal is that of the one child of `script`; where that has just ended there is nothing to resize. */
function resize({ pid }: ChildProcess, { rows, cols }: Omit<Terminal, 'term'>): void {
  try {
    const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    const terminal = readlinkSync(`/proc/${child}/fd/0`)
    if (terminal.startsWith('/dev/pts/'))
      execFile('stty', ['-F', terminal, 'rows', String(rows), 'cols', String(cols)], () => {})
  } catch {
    // It has no terminal.
  }
}
