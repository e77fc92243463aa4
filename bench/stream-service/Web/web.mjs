/** Says who it is: once, in an event stream, or over a WebSocket. It stops when its last connection has ended, as `server.close()` does. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { RoleEnvironment } from 'reddog/runtime'

const name = () => RoleEnvironment.currentRoleInstance.id

const server = createServer((request, response) => {
  if (request.url === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(`data: ${name()}\n\n`)
  } else response.end(name())
})

server.on('upgrade', ({ headers }, socket) => {
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write(`${head.join('\r\n')}\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`)
  const text = Buffer.from(name())
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]))
  socket.on('error', () => {})
  socket.on('data', ([first]) => (first & 0x0f) === 8 && socket.end(Buffer.from([0x88, 0])))
})

export default {
  async onStart() {
    const { port } = RoleEnvironment.currentRoleInstance.endpoints.find((endpoint) => endpoint.name === 'Http')
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve))
    return true
  },
  run: () => new Promise(() => {}),
  onStop: () => new Promise((resolve) => server.close(resolve)),
}
