/**
 * The Blob service of a fabric: Azurite, whose answers are sent only when their effects are on the disk. Its only argument is the path of a file with
 * BlobServiceOptions.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openHeldPorts, socketOf } from '../ports/held-ports.ts'
import { nameThisProcess } from '../process.ts'
import { writeReadyFile } from '../ready-file.ts'
import { answerFirst } from './answer-first.ts'
import { azuriteParts } from './azurite-parts.ts'
import { addAddresses, isEarlyListing } from './early-listings.ts'
import { holdAnswer } from './hold-answer.ts'
import { openJournal } from './journal.ts'
import { type Entry, keptDatabases } from './kept-databases.ts'
import type { BlobServiceOptions } from './options.ts'
import { isOfSomeAddresses, refuseIt } from './signed-addresses.ts'

/** Ends the process with one sentence: what is not saved must not be confirmed, and what was not confirmed may be lost. */
function fail(error: unknown): never {
  process.stderr.write(`The Blob service ends: ${(error as Error).message}\n`)
  process.exit(1)
}

nameThisProcess('Azurite')
process.once('uncaughtException', fail)
const options = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as BlobServiceOptions
// Superseded it never is.
const held = openHeldPorts(() => {})
await held.arrived
mkdirSync(options.location, { recursive: true, mode: 0o700 })
const { journal, entries } = await openJournal(join(options.location, 'journal.jsonl'))
const azurite = azuriteParts(options.location, served)
const kept = keptDatabases(azurite.databases, journal, entries as Entry[])
await azurite.load()
await kept.begin()
await azurite.collectGarbage(kept.saved)

const server = createServer((request, answer) => {
  if (isOfSomeAddresses(request)) return refuseIt(answer)
  holdAnswer(answer, kept.saved, fail)
  if (isEarlyListing(request)) addAddresses(answer)
  azurite.listener(request, answer)
})
answerFirst(server)
const earlier = held.take('blobs')
server.listen(earlier?.socket ?? { host: options.address, port: options.port }, async () => {
  const { port } = served()
  if (!earlier) held.hold('blobs', { port, socket: socketOf(server) })
  // What was sent to the holder has arrived there when it answers.
  await held.serving()
  writeReadyFile(options.readyFile, { port })
})

function served(): AddressInfo {
  return server.address() as AddressInfo
}

process.once('SIGTERM', async () => {
  server.close()
  server.closeAllConnections()
  await kept.close().catch(fail)
  process.exit(0)
})
