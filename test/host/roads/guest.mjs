// What runs in a guest of the tests: it answers at its ports with the address that it sees, and tells each datagram's sender and text.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

for (const port of process.argv.slice(2).map(Number)) {
  createServer((socket) => {
    socket.on('error', () => {})
    socket.end(socket.remoteAddress)
  }).listen(port, '0.0.0.0')
  const datagrams = createSocket('udp4').bind(port)
  datagrams.on('message', (text, { address, port: from }) => {
    process.send({ from: address, text: String(text.subarray(0, 20)), bytes: text.length })
    datagrams.send(address, from, address)
  })
}
process.on('disconnect', () => process.exit(0))
setTimeout(() => process.send('up'), 50)
