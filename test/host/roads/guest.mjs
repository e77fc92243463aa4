// What runs in a guest of the tests, or beside them: it answers at its ports, `port` or `address:port`, with the address that it sees, and tells each datagram's sender and text.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

for (const [port, address = '0.0.0.0'] of process.argv.slice(2).map((at) => at.split(':').reverse())) {
  createServer((socket) => {
    socket.on('error', () => {})
    socket.end(socket.remoteAddress)
  }).listen(Number(port), address)
  const datagrams = createSocket('udp4').bind(Number(port), address)
  datagrams.on('message', (text, { address: sender, port: from }) => {
    process.send({ from: sender, text: String(text.subarray(0, 20)), bytes: text.length })
    datagrams.send(sender, from, sender)
  })
}
process.on('disconnect', () => process.exit(0))
setTimeout(() => process.send('up'), 50)
