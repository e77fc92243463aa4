import { createServer } from 'node:net'
import { type FabricRecord, type Places, saveRecord } from './data-directory.ts'
import { recordedProcess } from './process-record.ts'

/** Where the API is served: for this machine alone, until a later `--address`. */
export const apiAddress = '127.0.0.1'

/**
 * The port of the API: the requested one, or for 0 a free one, which is stored in the record so that the publish settings stay
 * true. Throws an Error with one sentence when another program has it.
 */
export async function apiPort(places: Places, record: FabricRecord, asked: number): Promise<number> {
  const wanted = asked || (record.foundPort ?? 0)
  // Our own front end of an earlier `up` may hold it: it is adopted, or replaced.
  if (wanted && recordedProcess(places, 'RDFE')) return wanted
  const bound = await tryPort(wanted)
  if (asked && bound === undefined)
    throw new Error(
      `Port ${asked} on ${apiAddress}, asked for the API, is taken by another program. Choose another with --port N, or any free one with --port 0.`,
    )
  if (asked) return asked
  const found = bound ?? (await tryPort(0))
  if (found === undefined) throw new Error(`No port is free on ${apiAddress} for the API. End some program.`)
  if (found !== record.foundPort) saveRecord(places, { ...record, foundPort: found })
  return found
}

/** Binds the port for a moment; the number that was bound, undefined when it is taken. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else if (error.code === 'EACCES')
        reject(
          new Error(
            `Port ${port} on ${apiAddress} may not be bound by this user. Choose one from 1024 on with --port.`,
          ),
        )
      else reject(error)
    })
    server.listen(port, apiAddress, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}
