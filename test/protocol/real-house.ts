import { join } from 'node:path'
import type { ControllerOptions } from '../../src/fabric/controller/options.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import type { StorageAccount } from '../../src/machine/blob/storage-account.ts'
import { startFrontEndWith, subscriptionId } from './front-end-process.ts'
import { type Ends, runPlatformProcess } from './platform-process.ts'

/** RDFE and FabricController as the two real processes, without what stands below them. */
export async function startHouse(
  t: Ends,
  wanted: {
    readonly timers?: readonly string[]
    readonly maxServices?: number
    readonly account?: StorageAccount
  } = {},
) {
  let controllerUrl = ''
  const house = await startFrontEndWith(
    t,
    async ({ directory, controllerTls, storageAccountFile, fabricKeyFile, certificate }) => {
      const options: ControllerOptions = {
        address: '127.0.0.1',
        port: 0,
        tls: controllerTls,
        dataDirectory: directory,
        network: 77,
        dnsSuffix: 'localhost',
        timers: timersWith(wanted.timers ?? []),
        subscription: {
          id: subscriptionId,
          name: 'Tests',
          certificates: [{ thumbprint: certificate.thumbprint, data: certificate.der.toString('base64') }],
          maxServices: wanted.maxServices,
        },
        storageAccountFile,
        fabricKeyFile,
        permittedBlobHosts: [],
        readyFile: join(directory, 'FabricController.ready'),
      }
      const { port } = await runPlatformProcess(t, 'FabricController', options)
      controllerUrl = `https://127.0.0.1:${port}`
      return port
    },
    wanted.account,
  )
  return { ...house, controllerUrl }
}
