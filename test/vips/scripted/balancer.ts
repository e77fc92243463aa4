/**
 * Stands for a load balancer on a machine: answers at a VIP with the machine's name, and says that it serves as the real one does (pulse.ts).
 * Arguments: the machine, the VIP, the range, the pulse file.
 */
import { createServer } from 'node:http'
import { readVipRange } from '../../../src/fabric/contract/vip-range.ts'
import { openPulse } from '../../../src/machine/vips/pulse.ts'

const [machine = '', vip = '', range = '', file = ''] = process.argv.slice(2)
const read = readVipRange(range)
if (!read.ok) throw new Error(read.fault.message)
const pulse = openPulse({ file, range: read.value, vips: () => [vip] })
const server = createServer((_, answer) => answer.end(machine))
server.keepAliveTimeout = 60_000
server.listen(80, vip)
// The machine lives, as a Host Agent's port shows.
createServer().listen(9444)
// A controller answers it.
setInterval(pulse.heard, 500)

process.once('SIGTERM', async () => {
  await pulse.leave()
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
