// A worker role that is any program: it listens on the port that the definition hands it and answers HTTP.
const http = require('node:http')

const server = http.createServer((request, response) => {
  // Once asked to stop, let go of each connection with its next answer, so that no request is cut.
  if (stopping) response.setHeader('connection', 'close')
  response.setHeader('content-type', 'text/plain')
  response.end(`${process.env.GREETING}, instance ${process.env.RoleInstanceID}\n`)
})

let stopping = false
process.once('SIGTERM', () => {
  stopping = true
  server.close(() => process.exit(0))
})

server.listen(Number(process.env.PORT), () => console.log(`listening on port ${process.env.PORT}`))
