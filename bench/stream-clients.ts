/** Clients of streams without an end, as browsers have them: they open the stream again when it ends. */

/** An open stream. */
export interface Stream {
  /** The instance that serves it. */
  readonly instance: string
  /** How it ended, in words. */
  readonly ended: Promise<string>
  leave(): void
}

/** What one client has seen. */
export interface StreamClient {
  /** Who served it, in order. */
  readonly instances: string[]
  /** How each of its streams ended, or what kept it from opening one. */
  readonly ends: string[]
  leave(): void
}

/** One client at each of these instances, in this order. */
export async function follow(
  open: () => Promise<Stream>,
  instances: readonly string[],
): Promise<readonly StreamClient[]> {
  const streams = new Map<string, Stream>()
  while (streams.size < instances.length) {
    const stream = await open()
    if (streams.has(stream.instance)) stream.leave()
    else streams.set(stream.instance, stream)
  }
  return instances.map((instance) => followOne(streams.get(instance) as Stream, open))
}

function followOne(first: Stream, open: () => Promise<Stream>): StreamClient {
  let current = first
  let left = false
  const instances = [first.instance]
  const ends: string[] = []

  async function goOn(): Promise<void> {
    for (;;) {
      const end = await current.ended
      if (left) return
      ends.push(end)
      current = await open()
      instances.push(current.instance)
    }
  }

  goOn().catch((error: Error) => ends.push(`refused: ${error.message}`))
  return {
    instances,
    ends,
    leave() {
      left = true
      current.leave()
    },
  }
}

export function openWebSocket(address: string): Promise<Stream> {
  const socket = new WebSocket(address.replace(/^http/, 'ws'))
  const ended = new Promise<string>((resolve) =>
    socket.addEventListener('close', ({ code, wasClean }) =>
      resolve(`closed with ${code}, ${wasClean ? 'clean' : 'broken off'}`),
    ),
  )
  return new Promise((resolve, reject) => {
    socket.addEventListener('message', ({ data }) =>
      resolve({ instance: String(data), ended, leave: () => socket.close() }),
    )
    void ended.then((end) => reject(new Error(end)))
  })
}

export async function openEventStream(address: string): Promise<Stream> {
  const leaving = new AbortController()
  const answer = await fetch(new URL('events', address), { signal: leaving.signal })
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const { value } = await reader.read()
  const instance = new TextDecoder()
    .decode(value)
    .replace(/^data: /, '')
    .trim()
  const ended = (async () => {
    while (!(await reader.read()).done);
    return 'ended'
  })().catch((error: Error) => `broken off: ${error.message}`)
  return { instance, ended, leave: () => leaving.abort() }
}
