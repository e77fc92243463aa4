import { createServer } from 'node:net'
import type { UpCommand } from './command-line.ts'
import type { FabricRecord, Places } from './data-directory.ts'
import { recordedProcess } from './process-record.ts'

/** Where API and portal are served: for this machine alone, but for what `--portal-address` adds. */
export const loopback = '127.0.0.1'

export interface Ports {
  readonly api: number
  readonly portal: number
  /** What belongs into the record, so that publish settings and bookmarks stay true. */
  readonly found: Pick<FabricRecord, 'foundPort' | 'foundPortalPort'>
}

/**
 * The ports of API and portal: those asked for, or free ones, which are stored in the record. Throws an Error with one sentence when
 * another program has one that was asked for.
 */
export async function choosePorts(places: Places, record: FabricRecord, command: UpCommand): Promise<Ports> {
  const { foundPort, foundPortalPort } = record
  const api = await portOf(places, apiParty, command.port, [foundPort])
  // Beside an API that has a port of its own, so that several fabrics do not meet.
  const beside = command.portalPort === undefined && command.port > 0 ? command.port + 1 : undefined
  const portal = await portOf(places, portalParty, command.portalPort ?? 0, [foundPortalPort, beside], api)
  return {
    api,
    portal,
    found: {
      foundPort: command.port ? foundPort : api,
      foundPortalPort: command.portalPort ? foundPortalPort : portal,
    },
  }
}

/** Who is to have a port: the member that serves there, what it serves, and the option that chooses. */
interface Party {
  readonly member: string
  readonly what: string
  readonly option: string
}

const apiParty: Party = { member: 'RDFE', what: 'the API', option: '--port' }
const portalParty: Party = { member: 'Portal', what: 'the portal', option: '--portal-port' }

/** The port that was asked for; for 0 the first of the preferred ones that is free, or any free one. Never `taken`. */
async function portOf(
  places: Places,
  { member, what, option }: Party,
  asked: number,
  preferred: readonly (number | undefined)[],
  taken?: number,
): Promise<number> {
  const wanted = asked ? [asked] : preferred.filter((port) => port !== undefined && port <= highestPort)
  for (const port of wanted as readonly number[]) {
    if (port === taken) continue
    // Our own process of an earlier `up` may hold it: it is adopted, or replaced.
    if (recordedProcess(places, member) || (await tryPort(port, option)) !== undefined) return port
  }
  if (asked)
    throw new Error(
      `Port ${asked} on ${loopback}, asked for ${what}, is taken by another program. Choose another with ${option} N, or any free one with ${option} 0.`,
    )
  for (;;) {
    const found = await tryPort(0, option)
    if (found === undefined) throw new Error(`No port is free on ${loopback} for ${what}. End some program.`)
    if (found !== taken) return found
  }
}

const highestPort = 65_535

/** Binds the port for a moment; the number that was bound, undefined when it is taken. */
function tryPort(port: number, option: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else if (error.code === 'EACCES')
        reject(
          new Error(
            `Port ${port} on ${loopback} may not be bound by this user. Choose one from 1024 on with ${option}.`,
          ),
        )
      else reject(error)
    })
    server.listen(port, loopback, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}
