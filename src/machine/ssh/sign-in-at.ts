import ssh2, { type Client, type ClientChannel, type ServerChannel } from 'ssh2'
import type { Asked, Running } from './session.ts'
import type { Admitted } from './ssh-server.ts'

/** How long an instance may take to answer, of those that LoginGraceTime leaves. */
const answersWithinMs = 20_000

export interface Elsewhere {
  readonly address: string
  readonly port: number
  readonly name: string
  readonly password: string
}

/** Signs in at another server and hands its sessions on. Rejects with its refusal or with the reason why it cannot be reached. */
export function signInAt({ address, port, name, password }: Elsewhere): Promise<Admitted> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.once('ready', () =>
      resolve({ run: (channel, asked) => handOn(client, channel, asked), gone: () => client.end() }),
    )
    // Later ones end the connection, and with it the channels.
    client.on('error', reject)
    client.once('close', () => reject(new Error('The instance has ended the connection.')))
    client.connect({ host: address, port, username: name, password, readyTimeout: answersWithinMs })
  })
}

function handOn(client: Client, channel: ServerChannel, { what, terminal, variables }: Asked): Running {
  let upstream: ClientChannel | undefined
  const pty = terminal ? { term: terminal.term, cols: terminal.cols, rows: terminal.rows } : false
  const opened = (error: Error | undefined, found: ClientChannel) => {
    if (error) {
      channel.stderr.write(`${error.message}\n`)
      channel.exit(1)
      return void channel.end()
    }
    upstream = found
    join(channel, found)
  }
  const options = { env: variables }
  if (what.kind === 'shell') client.shell(pty, options, opened)
  else if (what.kind === 'exec') client.exec(what.command, { ...options, ...(pty && { pty }) }, opened)
  else client.subsys(what.name, opened)
  channel.on('error', () => {})
  channel.once('close', () => upstream?.close())
  return {
    resize: ({ rows, cols }) => upstream?.setWindow(rows, cols, 0, 0),
    signal: (name) => upstream?.signal(name),
  }
}

function join(channel: ServerChannel, upstream: ClientChannel): void {
  upstream.on('error', () => {})
  channel.pipe(upstream)
  upstream.pipe(channel, { end: false })
  upstream.stderr.pipe(channel.stderr, { end: false })
  upstream.on('exit', (code: number | null, signal?: string) => {
    if (code === null) channel.exit(signal?.replace(/^SIG/, '') ?? 'KILL')
    else channel.exit(code)
  })
  upstream.once('close', () => channel.end())
}
