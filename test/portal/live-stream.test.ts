import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { openStream } from '../../src/client/portal/gateway/live/stream.ts'
import { until } from '../until.ts'

/** More than both ends of a connection hold while nobody reads. */
const largeAnswer = { status: 200, text: 'a'.repeat(16 * 1024 * 1024) }

describe('a live stream', () => {
  let server: Server
  const responses: ServerResponse[] = []

  before(async () => {
    server = createServer((_request, response) => void responses.push(response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('whose page has stopped reading ends with its session, and what comes later harms nobody', async () => {
    const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false })
    await until(() => responses.length > 0)
    const [response] = responses as [ServerResponse]
    const stream = openStream(response)
    // A page that is frozen: the answer has begun, and nothing of it is taken.
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    answer.on('error', () => {})
    stream.changed('/operations/1', largeAnswer)
    assert.ok(response.writableNeedDrain)
    const errors: Error[] = []
    response.on('error', (error) => errors.push(error))
    stream.end()
    stream.changed('/operations/1', { status: 200, text: 'b' })
    stream.away()
    await until(() => response.closed, 'the connection is given up')
    assert.deepEqual(errors, [], 'an error that nobody listens for would end the portal')
  })
})
