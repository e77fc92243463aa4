// A worker role with an entry point: OnStart, Run and OnStop, and the role's own settings.
import { createServer } from 'node:net'
import { RoleEnvironment } from 'reddog/runtime'

const connections = new Set()
const server = createServer((socket) => {
  connections.add(socket)
  socket.once('close', () => connections.delete(socket))
  socket.on('error', () => {})
  // Asked anew for each piece: a changed setting takes effect without a restart.
  socket.on('data', (data) => socket.write(`${RoleEnvironment.getConfigurationSettingValue('Prefix')}${data}`))
})

export default {
  async onStart() {
    const { endpoints, id } = RoleEnvironment.currentRoleInstance
    const { port } = endpoints.find(({ name }) => name === 'Echo')
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve))
    console.log(`${id} echoes on port ${port}`)
    return true
  },
  // Never ends: a Run that returns recycles the role.
  run: () => new Promise(() => {}),
  onStop() {
    server.close()
    for (const connection of connections) connection.end()
  },
}
