// A well-behaved web server: when it is asked to stop it answers the next request of each connection with
// `Connection: close`, and ends when the last connection has gone. Reddog and pm2 run the same.
import { createServer } from 'node:http'
import { Server } from 'node:net'

/** A connection on which nothing more is asked is closed after this time. */
const patienceMs = 2_000

export async function serve(answer, ports) {
  let stopping = false
  const sockets = new Set()
  const servers = await Promise.all(ports.map(listen))

  function listen(port) {
    const server = createServer((_request, response) => {
      if (stopping) response.setHeader('Connection', 'close')
      response.end(answer)
    })
    server.keepAliveTimeout = 0
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    return new Promise((resolve, reject) => server.once('error', reject).listen(port, () => resolve(server)))
  }

  return {
    async stop() {
      stopping = true
      // That of node:http would close idle connections, on which a request may be on its way.
      const closed = servers.map((server) => new Promise((resolve) => Server.prototype.close.call(server, resolve)))
      const impatience = setTimeout(() => sockets.forEach((socket) => socket.destroy()), patienceMs)
      await Promise.all(closed)
      clearTimeout(impatience)
    },
  }
}
