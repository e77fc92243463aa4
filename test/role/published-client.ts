import { readFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { child, childText, type Element, parseXml } from '../../src/kernel/xml.ts'

/** A goal state as a published client reads it. */
export interface ReceivedGoal {
  readonly incarnation: string
  readonly expected: string
  readonly environment: Element
  readonly currentStateEndpoint: string
}

export interface PublishedClient {
  /** Every read of the goal state connection, as it came. */
  readonly reads: readonly string[]
  readonly goals: readonly ReceivedGoal[]
  setState(document: string): Promise<void>
  close(): void
}

/**
 * Speaks the published protocol as the Node client `azure` 0.10.6 does, faults included: one read is one chunk, parts are
 * what stands between CR LFs, and the second part is the document (role-runtime.md 4.2).
 */
export async function connectPublished(versionEndpoint: string): Promise<PublishedClient> {
  const discovery = await readAll(createConnection(versionEndpoint))
  const endpoints = child(parseXml(discovery), 'RuntimeServerEndpoints')?.children ?? []
  const path = endpoints.find(({ attributes }) => attributes['version'] === '2011-03-08')?.attributes['path']
  const socket = createConnection(path as string)
  const reads: string[] = []
  const goals: ReceivedGoal[] = []
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.on('data', (data) => {
      reads.push(data.toString())
      goals.push(readGoal(data.toString()))
      resolve()
    })
  })
  return {
    reads,
    goals,
    setState: (document) =>
      new Promise((resolve, reject) => {
        const { currentStateEndpoint } = goals.at(-1) as ReceivedGoal
        const state = createConnection(currentStateEndpoint, () => state.end(document))
        state.once('error', reject).once('close', () => resolve())
      }),
    close: () => socket.destroy(),
  }
}

export function acquire(
  clientId: string,
  incarnation: number,
  status: string,
  expiration = '9999-12-31T23:59:59.999Z',
): string {
  return `<?xml version="1.0" encoding="utf-8"?><CurrentState><StatusLease ClientId="${clientId}"><Acquire><Incarnation>${incarnation}</Incarnation><Status>${status}</Status><StatusDetail>${status}</StatusDetail><Expiration>${expiration}</Expiration></Acquire></StatusLease></CurrentState>`
}

export function release(clientId: string): string {
  return `<CurrentState><StatusLease ClientId="${clientId}"><Release/></StatusLease></CurrentState>`
}

function readGoal(read: string): ReceivedGoal {
  const parts = read.split('\r\n')
  const root = parseXml((parts[1] ? parts[1] : parts[0]) as string)
  const path = childText(root, 'RoleEnvironmentPath') as string
  return {
    incarnation: childText(root, 'Incarnation') as string,
    expected: childText(root, 'ExpectedState') as string,
    environment: parseXml(readFileSync(path, 'utf8')),
    currentStateEndpoint: childText(root, 'CurrentStateEndpoint') as string,
  }
}

async function readAll(socket: Socket): Promise<string> {
  let text = ''
  for await (const part of socket.setEncoding('utf8')) text += part
  return text
}
