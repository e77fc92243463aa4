import { RoleEnvironment } from 'reddog/runtime'
import { serve } from './application.mjs'
import { isBroken, version } from './version.mjs'

let server

export default {
  async onStart() {
    if (isBroken) throw new Error(`version ${version} cannot start`)
    const { endpoints, id } = RoleEnvironment.currentRoleInstance
    server = await serve(
      `version ${version} on ${id}\n`,
      endpoints.map(({ port }) => port),
    )
    return true
  },
  run: () => new Promise(() => {}),
  onStop: () => server.stop(),
}
