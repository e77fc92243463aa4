// The same application without a platform: alone, or under pm2.
import { serve } from './application.mjs'
import { version } from './version.mjs'

const server = await serve(`version ${version}\n`, [Number(process.env.PORT)])
process.send?.('ready')
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    await server.stop()
    process.exit()
  })
